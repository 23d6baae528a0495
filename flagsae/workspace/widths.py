"""How wide pictures are written, in pixels. Nothing is imported: options show these."""

WIDTH = 1200  # where nothing else is asked for
NARROWEST, WIDEST = 4, 10_000
