"""The telephone of a member: a thin shell under /m/ over the services of the house."""
