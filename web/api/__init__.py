"""The desk's figures for programs: JSON, read-only, by access token."""
