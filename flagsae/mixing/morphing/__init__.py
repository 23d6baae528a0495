"""What lies between two designs, part by part: `inks` (colours), `grounds`, `figures` and `charges`, and `path`, which
joins them to a whole design."""
