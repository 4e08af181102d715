"""What the desk does not do, and why: refusals are answers to people, never defects."""


class Refusal(ValueError):
    """Something that cannot be done as stated; the message says why and how to mend it. Nothing was changed."""
