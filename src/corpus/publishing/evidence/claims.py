"""The numbers of the prose: each is computed, registered with what it rests on, and printed from the register."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import CorpusError
from corpus.publishing.evidence.marks import Value, write_value
from corpus.publishing.evidence.provenance import code_sha256, running_cell
from corpus.publishing.writing.text_width import printable
from corpus.publishing.writing.whole_files import write_whole

if TYPE_CHECKING:
    import pandas as pd

CLAIMS_FILE = "claims.json"


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
    """

    value: Value
    unit: str
    denominator: Value | None
    notebook: str
    cell: str | None
    parameters: Mapping[str, Any]
    spans: tuple[tuple[str, int, int], ...]
    code: str | None = None

    def written(self, spec: str | None = None) -> str:
        """Return the value as a format specification asks; ``word`` or ``Word`` asks for five or Five, up to twenty.

        Raises
        ------
        ValueError
            If the specification does not fit the value.
        """
        return write_value(self.value, self.unit, spec)

    def __str__(self) -> str:
        """Write the value as prose does: a share as 12.3%, a year as it is, a count as 12,345."""
        return self.written()


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
        return {name: Claim(**{**entry, "spans": _triples(entry["spans"])}) for name, entry in entries.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise CorpusError(f"{path}: no register of claims ({error}); remove it and run the notebooks again") from None


def save_claims(path: Path, claims: Mapping[str, Claim]) -> bool:
    """Write a register, sorted by name, and return whether that changed the file."""
    return write_whole(path, written_claims(claims))


def written_claims(claims: Mapping[str, Claim]) -> bytes:
    """Return the bytes of a register's file."""
    entries = {name: asdict(claims[name]) for name in sorted(claims)}
    text = json.dumps(entries, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return f"{text}\n".encode()


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


_NAME = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_SLOT = re.compile(r"\{([^{}:]*)(?::([^{}]*))?\}")
_MARKUP = re.compile(r"[\\`*_\[\]<>&$|#~!]")
_DIGITS = 10
_registers: list[Claims] = []


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph whose numbers come from a register; a notebook shows it as Markdown."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.text


class Claims:
    """The register of one notebook's claims, kept in ``claims.json`` beside the notebook. See `open_claims`."""

    def __init__(self, notebook: str, path: Path) -> None:
        self.notebook = notebook
        self.path = path
        self._claims: dict[str, Claim] = {}
        self._said: dict[str, tuple[str, ...]] = {}

    def add(
        self,
        name: str,
        value: Value,
        *,
        unit: str,
        denominator: Value | None = None,
        spans: Iterable[tuple[str, int, int]] | pd.DataFrame = (),
        **parameters: Any,
    ) -> None:
        """Register a value under a name.

        Parameters
        ----------
        name : str
            Lower-case words joined by ``-`` and ``.``: ``zaozhuang-yiyuan.longest``.
        value : int, float or str
            A finite number, of numpy too, or a word that the analysis found.
        unit : str
            What is counted, or ``share`` (0 to 1), ``year``, ``score``, ``name``.
        denominator : int, float or str, optional
            Of what it is a share; required where the unit is ``share``.
        spans : iterable of (report_id, start, end), or DataFrame with these columns
            The words it rests on, in code points of ``report.raw``, end exclusive.
        **parameters
            The parameters that the value depends on (``n=20``).

        Raises
        ------
        CorpusError
            If the name stands for another value already, or a name, value, share or span is not valid.
        """
        if not _NAME.fullmatch(name):
            raise CorpusError(f"claim {name!r}: a name is lower-case words joined by - and ., as in yiyuan.longest")
        cell, source = running_cell()
        claim = Claim(
            value=_plain(name, value),
            unit=unit,
            denominator=None if denominator is None else _plain(name, denominator),
            notebook=self.notebook,
            cell=cell,
            code=code_sha256(source),
            parameters={key: _parameter(name, parameters[key]) for key in sorted(parameters)},
            spans=tuple(_span(name, span) for span in _rows(spans)),
        )
        _check_share(name, claim)
        known = self._claims.get(name)
        if known is not None and (known.value, known.unit) != (claim.value, claim.unit):
            raise CorpusError(
                f"claim {name!r} is {known.value!r} {known.unit} already and cannot be {claim.value!r} {claim.unit}"
                " too; rename one, or run the notebook from its top"
            )
        self._claims[name] = claim
        save_claims(self.path, merge_claims(read_claims(self.path), {self.notebook: self._claims}))

    def say(self, text: str) -> Prose:
        """Return a paragraph of Markdown with the registered values in it.

        Parameters
        ----------
        text : str
            Prose with ``{name}`` where a value belongs, written as its unit asks, or ``{name:spec}`` with a format
            specification of Python (``{yiyuan.share:.0%}``), or ``{name:word}`` for a whole number in words.

        Raises
        ------
        CorpusError
            If a name is not registered in this notebook, or a specification does not fit its value.
        """
        said = Prose(_SLOT.sub(self._fill, text))
        self._said[said.text.strip()] = self.slots_of(text)
        return said

    def printed_in(self, text: str) -> dict[str, Claim]:
        """Return the claims that a paragraph made by `say` prints, by name; none for any other text."""
        return {name: self._claims[name] for name in self._said.get(text.strip(), ())}

    def slots_of(self, text: str) -> tuple[str, ...]:
        """Return the names of the claims that a text for `say` has slots for, in their order."""
        return tuple(slot[1] for slot in _SLOT.finditer(text))

    def __getitem__(self, name: str) -> Claim:
        """Return a registered claim."""
        if name not in self._claims:
            known = ", ".join(sorted(self._claims)) or "none"
            raise CorpusError(f"no claim is called {name!r} in {self.notebook}; registered are: {known}")
        return self._claims[name]

    def _fill(self, slot: re.Match[str]) -> str:
        claim = self[slot[1]]
        try:
            written = claim.written(slot[2])
            return _as_text(written) if isinstance(claim.value, str) else written
        except ValueError as error:
            message = f"claim {slot[1]!r}: {claim.value!r} cannot be written as {slot[2]!r} ({error})"
            raise CorpusError(message) from None

    def __repr__(self) -> str:
        return f"<Claims of {self.notebook}: {len(self._claims)}>"


def open_claims(notebook: str, *, folder: str | Path = ".") -> Claims:
    """Return the register of a notebook's numbers; what the notebook claimed before is dropped.

    Parameters
    ----------
    notebook : str
        The notebook's name without its suffix: ``03-comparing-reports``.
    folder : path
        Where ``claims.json`` is kept; beside the notebook if not given.

    Returns
    -------
    Claims
        With ``add`` for a number and ``say`` for a sentence of them; `save_figure` finds the one opened last.

    Examples
    --------
    >>> import corpus
    >>> claims = corpus.open_claims("03-comparing-reports")  # doctest: +SKIP
    >>> claims.add("zaozhuang-yiyuan.longest", 34, unit="characters", n=20)  # doctest: +SKIP
    >>> claims.say("The longest passage that both have is {zaozhuang-yiyuan.longest} characters.")  # doctest: +SKIP
    """
    path = Path(folder).resolve() / CLAIMS_FILE
    before = read_claims(path)
    if any(claim.notebook == notebook for claim in before.values()):
        save_claims(path, merge_claims(before, {notebook: {}}))
    _registers[:] = [Claims(notebook, path)]
    return _registers[0]


def current_claims() -> Claims | None:
    """Return the register that was opened last in this process, None before any was."""
    return _registers[0] if _registers else None


def _as_text(words: str) -> str:
    """Return words that a report printed so that Markdown and HTML show them as they are."""
    return _MARKUP.sub(lambda match: f"&#{ord(match[0])};", printable(" ".join(words.split())))


def _plain(name: str, value: Any) -> Value:
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise CorpusError(f"claim {name!r}: {value!r} is no number and no word")
    if isinstance(value, float):
        if not math.isfinite(value):
            raise CorpusError(f"claim {name!r}: {value!r} is not a finite number")
        return float(f"{value:.{_DIGITS}g}")
    return value


def _parameter(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, list | tuple):
        return [_parameter(name, item) for item in value]
    return _plain(name, value)


def _rows(spans: Iterable[tuple[str, int, int]] | pd.DataFrame) -> Iterable[tuple[str, int, int]]:
    if not hasattr(spans, "columns"):
        return spans
    table: Any = spans
    rows: Iterable[tuple[str, int, int]] = zip(table["report_id"], table["start"], table["end"], strict=True)
    return rows


def _span(name: str, span: tuple[str, int, int]) -> tuple[str, int, int]:
    report_id, start, end = span
    if not 0 <= start < end:
        raise CorpusError(f"claim {name!r}: {start}:{end} in {report_id} is no stretch of text")
    return str(report_id), int(start), int(end)


def _check_share(name: str, claim: Claim) -> None:
    if claim.unit != "share":
        return
    if claim.denominator is None:
        raise CorpusError(f"claim {name!r}: a share needs its denominator; say of what it is a share")
    if isinstance(claim.value, str) or not 0 <= claim.value <= 1:
        raise CorpusError(f"claim {name!r}: {claim.value!r} is not a share; shares are 0 to 1")
