"""The six screens, one module each."""
