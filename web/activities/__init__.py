"""What the desk does itself: field trips of the teams, and meetings."""
