"""Decides what should happen. Pure: standard library only, no I/O, no clock, no luck; `now` is an argument."""
