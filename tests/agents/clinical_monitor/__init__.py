"""The clinical monitor: its rules, its record, its cases."""
