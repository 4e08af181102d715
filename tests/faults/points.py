"""Where a process may die on the way of a message: named here once, for the model and for real processes."""

from enum import StrEnum


class Point(StrEnum):
    """In the order in which a message passes them; the value ends the sentence "it dies when..."."""

    PLANNED = "notices are written and no message is made of them yet"
    DISPATCHED = "a message is written and no bell rang"
    CLAIMED = "the claim is written and nothing said to the provider"
    OFFERED = "the provider knows the address and has not accepted"
    ACCEPTED = "the provider has accepted and its answer is not read"
    ANSWERED = "the answer is read and not written down"
    SETTLED = "the end is written and the broker not told"
    DOUBTED = "a silent worker's message is written down as in doubt"


WORKER = (Point.CLAIMED, Point.OFFERED, Point.ACCEPTED, Point.ANSWERED, Point.SETTLED)
"""Where a worker may die; a clock dies at the others."""
