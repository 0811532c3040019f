"""What beat wakes for public notices."""
