"""Run things when it is time: the clock, the workers, the commands. They decide nothing about elections."""
