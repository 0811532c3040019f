"""People: accounts, mandates, organisations, committee members, groups and convenors."""
