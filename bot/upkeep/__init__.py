"""Work of every day: what was kept long enough goes, and experiments that have enough people end."""
