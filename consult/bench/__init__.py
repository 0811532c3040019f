"""`./run bench`: pages of the house beside bare ones, asked in turn, told as ratios (docs/performance.md)."""
