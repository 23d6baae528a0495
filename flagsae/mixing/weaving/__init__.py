"""Weaving: flags combined as label maps, for pictures that have no design."""
