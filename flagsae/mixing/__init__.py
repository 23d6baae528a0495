"""Sums of codes become flags: expressions, composition, sampling."""
