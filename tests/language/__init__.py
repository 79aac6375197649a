"""Every part of the dialogue language, on small flows of its own: the real reader, the real engine."""
