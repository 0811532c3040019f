"""Doors of the members app, by noun."""
