"""Outcomes, assignments and notices for other systems: the same querysets, filters and services as the pages."""
