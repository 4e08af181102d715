"""Providers for trials: they take what a desk hands over, show it as phones would, and fail as they are told."""
