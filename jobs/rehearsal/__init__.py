"""A programme on a virtual clock, the people in it, and the folder it leaves behind."""
