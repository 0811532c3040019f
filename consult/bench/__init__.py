"""`./run bench`: pages of the house beside bare ones, asked in turn on one machine, told as ratios (docs/performance.md)."""
