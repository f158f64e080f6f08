"""What may leave the house: which numbers are suppressed so that nobody is given away."""
