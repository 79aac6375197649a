"""Fuzzing of what reads other people's bytes: webhooks, messages, YAML, templates. ``make fuzz`` runs it for long."""
