"""The way out: what is said goes to the gateway once, at the channel's pace, and whether it arrived is looked at."""
