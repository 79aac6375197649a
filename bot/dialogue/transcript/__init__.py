"""Conversation tests: a transcript written by an author, played through the real engine and reader on a fake clock."""
