"""`python -m reports KIND`: frozen facts on standard input, the document on standard output."""

import sys

from reports import facts, weekly
from reports.child import REFUSED
from reports.errors import DocumentError

KINDS = {"weekly": lambda text: weekly.pdf(facts.from_json(text))}


def main(arguments: list[str]) -> int:
    """Exit status 0 with the document, 2 for an unknown kind, 65 with the reason on standard error."""
    if len(arguments) != 1 or arguments[0] not in KINDS:
        sys.stderr.write(f"usage: python -m reports {'|'.join(KINDS)} < facts.json > document\n")
        return 2
    try:
        document = KINDS[arguments[0]](sys.stdin.buffer.read())
    except (DocumentError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    sys.stdout.buffer.write(document)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
