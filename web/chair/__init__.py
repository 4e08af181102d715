"""The page of the chair and of the secretary."""
