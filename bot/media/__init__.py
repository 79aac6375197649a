"""What a file is, by its content, and whether it can be opened without harm. Pure: bytes in, a verdict out."""
