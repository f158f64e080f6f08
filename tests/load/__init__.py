"""What a run refuses, and what it reads."""
