"""Copies of the project for benches that damage it, kill its runs or put it in odd places."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("data", "notebooks", "src", ".binder")
FILES = (
    *("MANIFEST.sha256", "README.md", "CHANGELOG.md", "CITATION.cff", "LICENSE"),
    *("pyproject.toml", "requirements.txt", "environment.yml", "workbook.py"),
)


def copy_checkout(target: Path) -> Path:
    """Copy what a clone of the project holds, but for the tests, to a new folder and return it."""
    leave = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", ".*.part")
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, target / folder, ignore=leave)
    for file in FILES:
        shutil.copyfile(ROOT / file, target / file)
    return target


def environment_of(checkout: Path, variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment in which Python takes the library from a copy, with none of the caller's but its places.

    Compiled modules are kept out of the copy, so that a changed source is always the one that runs.
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "MPLCONFIGDIR") if name in os.environ}
    ours = {"PYTHONPATH": str(checkout / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    return {**kept, **ours, **(variables or {})}


def corpus_command(arguments: Sequence[str], python: str = sys.executable) -> list[str]:
    """Return the command line of a command of the workbook."""
    return [python, "-m", "corpus", *arguments]
