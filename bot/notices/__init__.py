"""What a person did not just ask for, planned: of all that agents want to say, what goes now, later, with another; or never."""
