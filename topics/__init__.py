"""What to consult about: slips, screening, approval, claiming, stakeholders, field study."""
