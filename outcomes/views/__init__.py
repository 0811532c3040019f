"""Pages of outcomes, assignments and notices."""
