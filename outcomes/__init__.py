"""What came of it: outcome, assignments, verification, satisfaction, public notices."""
