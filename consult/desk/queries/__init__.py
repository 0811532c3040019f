"""Questions that reach across the apps: what waits for somebody, what is held this week, what has just happened."""
