"""A claim, and the file that keeps the claims of all notebooks: one value of the prose with what it rests on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.publishing.files import write_whole
from corpus.values import CorpusError

CLAIMS_FILE = "claims.json"

Value = int | float | str

_IN_WORDS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One value that the prose states, and what it rests on.

    Attributes
    ----------
    value : int, float or str
        Floats are kept to 10 significant digits.
    unit : str
        What is counted (``characters``, ``reports``), or ``share`` (0 to 1), ``year``, ``score``, ``name``.
    denominator : int, float, str or None
        Of what a share is a share.
    notebook : str
    cell : str or None
        Id of the cell that computed it, where a notebook did.
    parameters : mapping
        The parameters that the value depends on.
    spans : tuple of (report_id, start, end)
        The words of ``report.raw`` that it rests on, end exclusive.
    code : str or None
        The sha256 of the source of that cell.
    rests_on : tuple of (origin, report_id, sha256)
        The reports that flow into it, with the sha256 of each; ``*`` for a collection as a whole, with the sha256 of
        the list of its reports. See `corpus.publishing.dependence`.
    """

    value: Value
    unit: str
    denominator: Value | None
    notebook: str
    cell: str | None
    parameters: Mapping[str, Any]
    spans: tuple[tuple[str, int, int], ...]
    code: str | None = None
    rests_on: tuple[tuple[str, str, str], ...] = ()

    def written(self, spec: str | None = None) -> str:
        """Return the value as a format specification asks; ``word`` or ``Word`` asks for five or Five, up to twenty.

        Raises
        ------
        ValueError
            If the specification does not fit the value.
        """
        if spec is None:
            return str(self)
        if spec not in ("word", "Word"):
            return format(self.value, spec)
        if not isinstance(self.value, int):
            raise ValueError("no whole number")
        word = _IN_WORDS[self.value] if 0 <= self.value < len(_IN_WORDS) else str(self)
        return word.capitalize() if spec == "Word" else word

    def __str__(self) -> str:
        """Write the value as prose does: a share as 12.3%, a year as it is, a count as 12,345."""
        if isinstance(self.value, str) or self.unit == "year":
            return str(self.value)
        if self.unit == "share":
            return f"{self.value:.1%}"
        return f"{self.value:,}" if isinstance(self.value, int) else f"{self.value:,.3g}"


def read_claims(path: Path) -> dict[str, Claim]:
    """Return the claims of a register by name; none where there is no such file.

    Raises
    ------
    CorpusError
        If the file is not a register of claims.
    """
    if not path.exists():
        return {}
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: Claim(**{**entry, "spans": _triples(entry["spans"]), "rests_on": _triples(entry["rests_on"])})
            for name, entry in entries.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise CorpusError(f"{path}: no register of claims ({error}); remove it and run the notebooks again") from None


def save_claims(path: Path, claims: Mapping[str, Claim]) -> bool:
    """Write a register, sorted by name, and return whether that changed the file."""
    entries = {name: asdict(claims[name]) for name in sorted(claims)}
    text = json.dumps(entries, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return write_whole(path, f"{text}\n".encode())


def merge_claims(before: Mapping[str, Claim], new: Mapping[str, Mapping[str, Claim]]) -> dict[str, Claim]:
    """Return a register in which the claims of some notebooks are replaced.

    Parameters
    ----------
    before : mapping of name to Claim
    new : mapping of notebook to its claims by name
        A claim of another notebook that has the same name gives way to the new one.

    Raises
    ------
    CorpusError
        If two of the new notebooks use one name.
    """
    merged = {name: claim for name, claim in before.items() if claim.notebook not in new}
    owners: dict[str, str] = {}
    for notebook, claims in new.items():
        for name, claim in claims.items():
            if name in owners:
                raise CorpusError(f"claim {name!r} is made in {owners[name]} and in {notebook}; rename one")
            owners[name] = notebook
            merged[name] = claim
    return merged


def _triples(rows: list[list[Any]]) -> tuple[tuple[Any, Any, Any], ...]:
    return tuple((row[0], row[1], row[2]) for row in rows)
