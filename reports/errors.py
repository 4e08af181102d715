"""What can go wrong with a document."""


class DocumentError(Exception):
    """No document came of it: the facts cannot be read, typst refused, or it took too long. Says which and why."""
