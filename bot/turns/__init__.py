"""One person's inputs, one at a time: decided, committed, published, kept."""
