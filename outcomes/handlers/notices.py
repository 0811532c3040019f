"""Who is told about public notices."""
