"""People who work here: their accounts, how they prove who they are, and what they carry while they are signed in."""
