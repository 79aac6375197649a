"""Pictures and pages: what was found, drawn with the right letters, in a process of its own that knows no store."""
