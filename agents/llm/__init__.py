"""The language model gateway: optional, off by default, and never the last word on anything."""
