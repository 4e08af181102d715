"""Runs things when it is time: the clock, the workers, the commands. Decides nothing about elections."""
