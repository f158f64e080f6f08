"""What is delivered arrives whole, and where it should."""
