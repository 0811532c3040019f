"""Who may do what with a public notice."""
