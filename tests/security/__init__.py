"""What hostile people send."""
