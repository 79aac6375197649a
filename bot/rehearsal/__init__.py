"""Made-up people who live with the real service on a virtual clock, to see what it does to people before it does."""
