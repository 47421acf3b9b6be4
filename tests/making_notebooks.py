"""Small series of notebooks, and what stands in a folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

DRAW = """from pathlib import Path
folder = Path("figures/NAME")
folder.mkdir(parents=True)
for file in ("NAME.png", "data.csv"):
    _ = (folder / file.replace("NAME", folder.name)).write_text(f"new {file}")"""
SHOW = """import corpus, pandas
told = {"a": {"head": "a", "unit": "characters", "meaning": "Length.", "meaning_zh": "长度。"}}
corpus.show(pandas.DataFrame({"a": [1234]}), "NAME", columns=told, caption="A length.", caption_zh="长度。")"""


def write_notebook(folder: Path, name: str, *cells: str, tags: Sequence[str] = ()) -> Path:
    """Write a notebook with these code cells; the first of them has the tags."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.ipynb"
    content = {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": None,
                "id": f"cell-{number}",
                "metadata": {"tags": list(tags)} if tags and number == 1 else {},
                "outputs": [],
                "source": source,
            }
            for number, source in enumerate(cells, 1)
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
