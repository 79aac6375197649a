"""Who did what to whose record, and why: entries that are only ever added, each sealed with the one before it."""
