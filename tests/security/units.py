"""Pieces of which texts are made that patterns may think about for long."""

from __future__ import annotations

UNITS = (
    "a", "1", "१", " ", "क", ".", "-", "<", "{{", "[[", "\n", "\u200d", "1 ", "1.", "a ", "a.", "a@", "1-", "1/", "12:", "x1",
    "1 2-", "naam a ", "dr ", "https://a.", "stream\n", "a_", "\n\n ",
)  # fmt: skip
