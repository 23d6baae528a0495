"""Modal screens: each lies over one of the six screens until it is dismissed."""
