"""What may leave the house, and what an attacker makes of it."""
