"""What the tests of the commands share."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import BUNDLED


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The report of 沂源 under another name, without a catalogue."""
    path = tmp_path / "another name 报告.txt"
    path.write_bytes(BUNDLED["yiyuan-2022"].raw_bytes)
    return path
