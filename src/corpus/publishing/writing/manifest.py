"""The list of all files that results rest on, with their hashes: what a stranger checks with ``sha256sum -c``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from corpus.errors import CorpusError
from corpus.publishing.writing.whole_files import hold_folder, write_whole

MANIFEST = "MANIFEST.sha256"
LISTED = ("data", "notebooks", "src")
"""The folders of the project whose files are listed."""
LISTED_FILES = (
    *("CITATION.cff", "README.md", "codecheck.yml", "environment.yml", "pyproject.toml", "requirements.txt"),
    "workbook.py",
)
"""The files beside them that are listed: what sets the workbook up, in which versions, and how it is cited."""

# What Python, Jupyter and a run that was killed leave behind.
_PASSING = re.compile(r"(?:^|/)(?:__pycache__|\.[^/]*)(?:/|$)")
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


@dataclass(frozen=True, slots=True)
class Difference:
    """A file, by its path, and how it differs from what was expected of it."""

    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


def write_manifest(root: Path) -> bool:
    """Write the manifest of a checkout and return whether that changed it.

    Raises
    ------
    CorpusError
        If it cannot be written, or another run writes it at the same time.
    """
    with hold_folder(root):
        return write_whole(root / MANIFEST, _written(_hashes(root)))


def check_manifest(root: Path) -> tuple[list[Difference], int]:
    """Return how the files of a checkout differ from its manifest, and how many are listed.

    Raises
    ------
    CorpusError
        If there is no manifest, or it cannot be read.
    """
    path = root / MANIFEST
    try:
        content = path.read_bytes()
        lines = content.decode("utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: cannot be read ({error}); corpus manifest writes it anew in a checkout") from None
    expected = {}
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise CorpusError(f"{path}, line {number}: not of the form HASH, two spaces, PATH; restore the file")
        expected[match[2]] = match[1]
    found = _hashes(root)
    differences = list(_compare(expected, found))
    if not differences and content != _written(found):
        differences.append(Difference(MANIFEST, "lists the same in other bytes; corpus manifest writes it anew"))
    return differences, len(expected)


def _written(hashes: dict[str, str]) -> bytes:
    return "".join(f"{digest}  {file}\n" for file, digest in sorted(hashes.items())).encode("utf-8")


def _compare(expected: dict[str, str], found: dict[str, str]) -> Iterator[Difference]:
    for file in sorted(expected.keys() | found.keys()):
        if file not in found:
            yield Difference(file, "is listed, and is not there")
        elif file not in expected:
            yield Difference(file, "is there, and is not listed")
        elif expected[file] != found[file]:
            yield Difference(file, "is not the file that is listed: its sha256 differs")


def _hashes(root: Path) -> dict[str, str]:
    hashes = {}
    inside = (path for folder in LISTED for path in (root / folder).rglob("*"))
    for path in (*(root / file for file in LISTED_FILES), *inside):
        file = path.relative_to(root).as_posix()
        if path.is_file() and not _PASSING.search(file):
            hashes[file] = sha256(path.read_bytes()).hexdigest()
    return hashes
