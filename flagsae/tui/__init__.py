"""The terminal application, and the only place for textual."""
