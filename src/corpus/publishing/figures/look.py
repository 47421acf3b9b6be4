"""How the figures of a run look: the language of their labels, the profile, and the width.

What a call of a drawing function leaves open is taken from here, so that one line sets it for a whole notebook:

>>> import corpus
>>> corpus.figures.set_look(labels="zh", width_mm=89)
Look(labels='zh', profile='print', width_mm=89)
>>> corpus.figures.set_look()
Look(labels='en', profile='print', width_mm=None)
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, NamedTuple, get_args

from corpus.errors import CorpusError
from corpus.field.data_files import data_path

Language = Literal["en", "zh"]
Profile = Literal["print", "screen"]

SINGLE_MM: Final = 89.0
DOUBLE_MM: Final = 183.0
NARROWEST_MM: Final = 80.0
"""Figures are laid out for one column of a page or two; in less their words would not find room."""


@dataclass(frozen=True, slots=True)
class Look:
    """What figures have in common.

    Attributes
    ----------
    labels : {"en", "zh"}
        The language of what is written in a figure. What is quoted from reports, and their names, stay as they are.
    profile : {"print", "screen"}
        300 or 144 dots an inch for what becomes pixels.
    width_mm : float or None
        80 to 183; None leaves to each figure the width that it was made for, 89 or 183.
    """

    labels: Language = "en"
    profile: Profile = "print"
    width_mm: float | None = None

    def __post_init__(self) -> None:
        for name, value, known in (
            ("labels", self.labels, get_args(Language)),
            ("profile", self.profile, get_args(Profile)),
        ):
            if value not in known:
                raise CorpusError(f"no such {name}: {value!r}; there are {' and '.join(known)}")
        if self.width_mm is not None and not NARROWEST_MM <= self.width_mm <= DOUBLE_MM:
            raise CorpusError(
                f"width_mm is {self.width_mm!r}; a figure is {NARROWEST_MM:g} to {DOUBLE_MM:g} mm wide,"
                f" {SINGLE_MM:g} for one column of a journal's page and {DOUBLE_MM:g} for two"
            )


_look = Look()


def set_look(*, labels: Language = "en", profile: Profile = "print", width_mm: float | None = None) -> Look:
    """Set how all figures that are drawn from now on look, and return it; without an argument, as at the beginning.

    Parameters
    ----------
    labels : {"en", "zh"}
        The language of what is written in figures.
    profile : {"print", "screen"}
        300 or 144 dots an inch; sizes and type are the same in both.
    width_mm : float, optional
        80 to 183; each figure's own width if not given.

    Raises
    ------
    CorpusError
        If there is no such language or profile, or figures cannot be that wide.
    """
    global _look
    _look = Look(labels, profile, width_mm)
    return _look


def current_look() -> Look:
    """Return how figures look that are drawn now."""
    return _look


def figure_width(own_mm: float = DOUBLE_MM) -> float:
    """Return how wide a figure becomes: as the look says, else its own width."""
    look_mm = current_look().width_mm
    return own_mm if look_mm is None else look_mm


class Bilingual(NamedTuple):
    """Words of a figure in English and in Chinese; as a string, those of the current look."""

    en: str
    zh: str

    def __str__(self) -> str:
        return self.zh if current_look().labels == "zh" else self.en


def both(en: str, zh: str) -> str:
    """Return what is written in a figure, of two wordings that of the current look."""
    return str(Bilingual(en, zh))


def tell(figure: str, part: str, **fields: object) -> Bilingual:
    """Return words of ``data/captions.toml`` in both languages, with their fields filled in.

    Parameters
    ----------
    figure, part : str
        The section, called like the figure, and the words in it: ``caption``, ``alt``, ``finding`` and others.
    **fields : object
        By name; what is bilingual is filled in in the language of the words. ``s`` is the plural of ``n``.

    Examples
    --------
    >>> tell("loaded", "reports", n=5, n_left_out=0).en
    'n = 5 reports, files left out: 0'
    """
    words = _read_words()[figure][part]
    fields = {"s": "" if fields.get("n") == 1 else "s", **fields}
    english, chinese = (
        {name: value[place] if isinstance(value, Bilingual) else value for name, value in fields.items()}
        for place in range(2)
    )
    return Bilingual(words["en"].format_map(english), words["zh"].format_map(chinese))


@lru_cache(maxsize=1)
def _read_words() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(data_path("captions.toml").read_text(encoding="utf-8"))
