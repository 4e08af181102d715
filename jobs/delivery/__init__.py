"""Handing messages over: claim, send, settle; channels, doubts, bells, mail that came back."""
