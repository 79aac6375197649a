"""Encryption at rest: what adapters write of people is sealed, so that a dump of an engine shows ids and times only."""
