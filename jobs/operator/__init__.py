"""What an operator does by command: load, amend, hold, explain, and look at what the desk stands on."""
