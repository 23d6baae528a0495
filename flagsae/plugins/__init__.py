"""Finds visualizers, built in or installed, loads them so that their errors are contained, and tests them."""
