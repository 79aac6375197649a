"""Templates of the official channel: what may be said to people who have not written for 24 hours."""
