"""Does Python run the source that is there? A compiled module beside it runs instead as long as its stamp fits."""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from pathlib import Path

from corpus.publishing.manifest import Difference

_HEADER_BYTES = 16
_BY_HASH, _CHECKED = 1, 2


def check_bytecode(root: Path) -> Iterator[Difference]:
    """Yield the compiled modules below ``src`` of a checkout that are run and are not what their source says.

    A copy that keeps the times of files, or a change within a second of the last run, leaves such a module behind, and
    the manifest does not list it. Compiled modules of other Pythons, and those that this one makes anew, are not
    looked at.
    """
    for source in sorted((root / "src").rglob("*.py")):
        compiled = Path(cache_from_source(str(source)))
        if not compiled.is_file():
            continue
        content, text = compiled.read_bytes(), source.read_bytes()
        if not _is_run(content, source, text):
            continue
        if not _says(content, source, text):
            shown = compiled.relative_to(root) if compiled.is_relative_to(root) else compiled
            yield Difference(shown.as_posix(), f"is run in place of {source.name} and says something else; remove it")


def _is_run(content: bytes, source: Path, text: bytes) -> bool:
    """Tell whether Python takes a compiled module, by the stamp of PEP 552 at its beginning."""
    if len(content) < _HEADER_BYTES or content[:4] != MAGIC_NUMBER:
        return False
    flags = int.from_bytes(content[4:8], "little")
    if flags & _BY_HASH:
        return not flags & _CHECKED or content[8:16] == source_hash(text)
    stamp = int(source.stat().st_mtime) & 0xFFFFFFFF, len(text) & 0xFFFFFFFF
    return (int.from_bytes(content[8:12], "little"), int.from_bytes(content[12:16], "little")) == stamp


def _says(content: bytes, source: Path, text: bytes) -> bool:
    try:
        said = compile(text, str(source), "exec", dont_inherit=True)
        return bool(marshal.loads(content[_HEADER_BYTES:]) == said)
    except (ValueError, EOFError, TypeError, SyntaxError):
        return False
