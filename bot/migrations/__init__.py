"""Changes to what is stored that are made once, while nothing else runs: each can be broken off, gone on with and taken back."""
