"""Pictures in, a dataset out: names, palette, flat label maps, splits."""
