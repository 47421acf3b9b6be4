"""What ``corpus figures`` answers to a person: all figures by notebook, or all of one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from corpus.publishing.figure_folders import Figure
from corpus.publishing.terminal import count, fit, fold, printable, screen_columns, wrap

_INDENT = "  "


def list_lines(figures: list[Figure]) -> Iterator[str]:
    """Tell of each notebook its question, and of each of its figures the name, the size and what it shows."""
    for notebook, group in groupby(figures, key=lambda figure: figure.notebook):
        drawn = list(group)
        yield from wrap(f"{printable(notebook or 'in no notebook')}  ", printable(drawn[0].question))
        for figure in drawn:
            yield f"{_INDENT}{figure.name}  {figure.size}, {count(figure.data.n_rows, 'row')} of data"
            yield from wrap(_INDENT * 3, printable(figure.first_sentence))
        yield ""
    yield f"{count(len(figures), 'figure')}; one of them with all that belongs to it: corpus figures NAME"


def figure_lines(figure: Figure) -> Iterator[str]:
    """Tell of one figure its captions, what is seen, its files and data, what it rests on, and how it is cited."""
    english, *others = figure.caption.split("\n\n")
    made_in = f", notebook {figure.notebook}" if figure.notebook else ""
    yield f"{figure.name}: {figure.size}{made_in}"
    yield ""
    yield from wrap("", printable(english))
    for paragraph in others:
        yield from fold("", printable(paragraph))
    yield from ("", *wrap("seen   ", printable(figure.alt)), "")
    for file in figure.files:
        yield f"{'files' if file == figure.files[0] else '':7}{figure.folder / file}"
    columns = ", ".join(figure.data.columns)
    yield from wrap("data   ", f"{count(figure.data.n_rows, 'row')}, columns {printable(columns)}")
    for cells in figure.data.first_rows:
        yield fit(f"{'':7}{printable(', '.join(cells))}", screen_columns())
    yield from wrap("rests  ", f"on {printable(figure.rests_on)}")
    for name, values in figure.parameters.items():
        yield from wrap(_INDENT * 3 + " ", f"{printable(name)} = {printable(', '.join(map(str, values)))}")
    yield from ("", *wrap("cite   ", figure.sentence), "", *figure.citation.splitlines(), "")
    yield f"what stands behind it: corpus explain {figure.name}"


def figure_answer(figure: Figure) -> dict[str, Any]:
    """Return the same for a program."""
    return {
        "name": figure.name,
        "notebook": figure.notebook,
        "question": figure.question,
        "caption": figure.caption.split("\n\n"),
        "alt": figure.alt,
        "width_mm": round(figure.size_mm[0], 1),
        "height_mm": round(figure.size_mm[1], 1),
        "files": [str(figure.folder / file) for file in figure.files],
        "columns": list(figure.data.columns),
        "n_rows": figure.data.n_rows,
        "reports": list(figure.reports),
        "n_reports": figure.n_reports,
        "parameters": figure.parameters,
        "sentence": figure.sentence,
        "bibtex": figure.citation,
    }
