"""Numbers as providers want them. What people typed was read long before; this is the last check."""

import re

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def usable(number: str) -> bool:
    """Whether it is one number in E.164 (ITU-T E.164, 6.2.1) and nothing else."""
    return _E164.fullmatch(number) is not None
