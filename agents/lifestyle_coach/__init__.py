"""The lifestyle coach: reads meals and activity in words, estimates, and keeps them. It judges nobody and speaks of no dose."""
