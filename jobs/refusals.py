"""What the desk does not do, and why: refusals are answers to people, never defects."""

from config.errors import ConfigError, Finding
from config.settings import Settings


class Refusal(ValueError):
    """Something that cannot be done as stated; the message says why and how to mend it. Nothing was changed."""


def refuse_lonely(settings: Settings, command: str) -> None:
    """A memory broker lives in one process: nobody would hear it. Raises: ConfigError."""
    if settings.embedded:
        what = f"memory:// lives inside one process, and ./desk {command} is one of several"
        raise ConfigError([Finding("DESK_BROKER_URL", 0, "", what, "Use ./desk run, or set redis://host:6379/0")])
