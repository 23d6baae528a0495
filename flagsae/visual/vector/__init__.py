"""Outlines, curves and layers: pictures without pixels."""
