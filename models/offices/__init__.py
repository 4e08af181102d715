"""Offices, who holds them, how they are reached, their links and sessions."""
