"""Pages of the teams, opened by the link in a message."""
