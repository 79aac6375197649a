"""What names or numbers a person, and how it is taken out of texts. Pure."""
