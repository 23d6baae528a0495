"""Widths of pictures in files, in pixels. Imports nothing, so that options can show them cheaply."""

WIDTH = 1200  # by default
NARROWEST, WIDEST = 4, 10_000
