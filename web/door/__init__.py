"""The door: signing in by a link, and who is signed in."""
