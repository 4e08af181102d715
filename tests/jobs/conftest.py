"""`./desk` in this process."""

import os
import sys
from typing import NamedTuple

import pytest

from jobs.__main__ import main


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def desk(tmp_path, monkeypatch, capsys):
    """`./desk` with these words, in this process and in a folder of its own."""

    def run(*words: str, **settings: str) -> Done:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["desk", *words])
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        before = set(os.environ)
        try:
            code = main()
        except SystemExit as exit:
            code = int(exit.code or 0)
        finally:
            for name in set(os.environ) - before:  # what a command tells its own process lasts no longer than it
                del os.environ[name]
        return Done(code, *capsys.readouterr())

    return run
