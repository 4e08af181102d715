"""What the desk refuses to do, and why. A refusal is an answer to a person, never a defect."""

from config.errors import ConfigError, Finding
from config.settings import Settings


class Refusal(ValueError):
    """Something cannot be done as stated. The message says why, and how to mend it. Nothing was changed."""


def refuse_lonely(settings: Settings, command: str) -> None:
    """Refuse a broker in memory: no other process hears it. Raises: ConfigError."""
    if settings.embedded:
        what = f"memory:// lives inside one process, and ./desk {command} is one of several"
        raise ConfigError([Finding("DESK_BROKER_URL", 0, "", what, "Use ./desk run, or set redis://host:6379/0")])
