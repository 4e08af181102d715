"""The call sheet: whom to phone."""
