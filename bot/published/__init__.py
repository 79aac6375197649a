"""Which version of the dialogues is current, and which are still needed."""
