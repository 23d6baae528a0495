"""Visualizers, built in or of installed packages: found, loaded behind a boundary, and tried."""
