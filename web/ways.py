"""The files under `notifiers` by which answers come in, as the settings name them."""

from importlib import import_module
from importlib.util import find_spec
from typing import cast

from config.errors import ConfigError, Finding
from config.settings import Settings
from notifiers.ways_in import TakesIn

_REMEDY = "Name a file that takes answers in, or add it as CONTRIBUTING.md says"


def loaded(settings: Settings) -> dict[str, TakesIn]:
    """By name, the ways in. Raises: ConfigError: a way that was named has no file that takes in this channel."""
    found = {}
    for name, channels in settings.ways_in.items():
        file = f"notifiers.{name}"
        module = import_module(file) if find_spec(file) else None
        missing = sorted(channels - set(getattr(module, "TAKES", ())))
        if missing:
            what = f"no file notifiers/{name}.py takes in {missing[0]}"
            raise ConfigError([Finding("DESK_ANSWERED", 0, "", what, _REMEDY)])
        if module is not None and hasattr(module, "written"):
            found[name] = cast(TakesIn, module)
    return found
