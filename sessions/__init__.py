"""The consultation itself: rooms, sessions, agenda, roster, statements, consensus, minutes."""
