"""A child that says its process id, and then a word for ever: it ends only when nobody listens, or is killed."""

import os
import sys

print(os.getpid(), flush=True)
if sys.argv[1:] == ["refuses"]:
    print("there is nothing", file=sys.stderr)
    sys.exit(os.EX_DATAERR)
given = sys.stdin.read()
while sys.argv[1:] != ["ends"]:
    print(given, flush=True)
