"""Designs that are made as the real flags are."""
