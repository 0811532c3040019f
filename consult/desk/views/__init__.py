"""Pages composed of all apps."""
