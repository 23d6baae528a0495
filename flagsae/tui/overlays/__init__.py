"""What lies over a screen until it is dismissed."""
