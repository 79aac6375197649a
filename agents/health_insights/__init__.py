"""Health insights: what a person's readings say together, in numbers, as a picture and as a page for the doctor."""
