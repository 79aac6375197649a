"""Tests of what must not be seen."""
