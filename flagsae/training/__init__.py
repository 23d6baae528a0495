"""Training, and the only place for torch."""
