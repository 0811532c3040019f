"""What pages share: the words of the states, the menu, views, form fields and template tags."""
