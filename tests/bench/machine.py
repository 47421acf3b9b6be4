"""What a bench ran on, as its first lines tell."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

import corpus


def describe_machine(packages: Sequence[str] = ()) -> dict[str, str]:
    """Return the date, the machine and the versions: Python, the workbook, and of these packages what is installed."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        named = re.search(r"model name\s*:\s*(.+)", info.read_text(encoding="utf-8"))
        processor = named[1] if named else processor
    found = [name for name in packages if importlib.util.find_spec(name)]
    return {
        "date": date.today().isoformat(),
        "machine": f"{platform.system()}, {processor}, {os.cpu_count()} cores",
        "versions": ", ".join(
            [f"Python {platform.python_version()}", f"fazhi-workbook {corpus.__version__}"]
            + [f"{name} {version(name)}" for name in found]
        ),
    }


def print_machine(packages: Sequence[str] = ("matplotlib", "numpy", "pandas")) -> None:
    """Print what `describe_machine` tells, a line each."""
    for name, value in describe_machine(packages).items():
        print(f"{name}: {value}")
