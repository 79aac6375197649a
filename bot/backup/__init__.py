"""Backups: one stream of frames through restic, taken while the service runs, put back into empty engines."""
