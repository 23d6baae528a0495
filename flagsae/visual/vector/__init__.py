"""Vector graphics: outlines traced from label maps, their curves, and SVG."""
