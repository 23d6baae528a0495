"""A flat picture as a design: layers peeled off its ground, shapes fitted to its charges. Begin at `design.parse`."""
