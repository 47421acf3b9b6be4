"""The commands that tell what a run made, and what stands behind a figure, a table or a number of it."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.cli.asking import FINE, INCOMPLETE, answer, load_asked, results_folder
from corpus.publishing.writing.text_width import block, count, one_line, printable, shorten, table_lines

if TYPE_CHECKING:
    from corpus.publishing.evidence.provenance import Kind
    from corpus.publishing.results.explain import Explanation

_INDENT = "  "
_GLANCE = 10
_WIDEST_CELL = 24


def run_explain(options: argparse.Namespace) -> int:
    from corpus.publishing.results.explain import explain

    told = explain(options.name, results_folder(options), reports=load_asked(options.path, options))
    if options.results is not None:
        path = [] if options.path is None else [options.path]
        told = replace(told, rebuild=shlex.join([*told.rebuild.split(), "--out", options.results, *path]))
    answer(options, told.answer, lambda: _lines_of(told, most=sys.maxsize if options.all else _GLANCE))
    return INCOMPLETE if told.notes else FINE


def run_figures(options: argparse.Namespace) -> int:
    from corpus.publishing.results.saved_results import read_figures

    return _tell_results(read_figures, "figure", options)


def run_tables(options: argparse.Namespace) -> int:
    from corpus.publishing.results.saved_results import read_tables

    return _tell_results(read_tables, "table", options)


def _tell_results(read: Callable[[Path], list[Any]], kind: Kind, options: argparse.Namespace) -> int:
    from corpus.publishing.results.saved_results import list_lines, read_result, result_lines

    folder = results_folder(options)
    if options.name is None:
        results = read(folder)
        answer(options, lambda: [result.answer() for result in results], lambda: list_lines(results, kind))
    else:
        result = read_result(folder, options.name)
        answer(options, result.answer, lambda: result_lines(result))
    return FINE


def _lines_of(told: Explanation, *, most: int) -> list[str]:
    """Tell what stands behind a figure, a table or a cell, with at most so many rows and sentences."""
    where = f"notebook {told.notebook}, cell {told.cell}" if told.cell else "made outside of a notebook"
    lines = [f"{told.kind} {told.name}: {where}"]
    if caption := told.facts.get("caption"):
        lines += ["", *caption.split("\n\n")]
    if told.kind == "cell":
        lines += block("value", [(name, _told(value)) for name, value in told.facts.items() if name != "caption"])
    else:
        facts = [(name, _told(told.facts[name])) for name in ("functions", "parameters", "versions")]
        lines += block("drawn with" if told.kind == "figure" else "made with", facts)
        lines += block("reports", _inputs(told.facts["inputs"], most))
    lines += ["", "cell", *(f"{_INDENT}{printable(line)}" for line in told.code.splitlines())] if told.code else []
    if told.rows:
        lines += ["", f"data.csv, {count(len(told.rows), 'row')}{_shown(len(told.rows), most)}"]
        rows = [list(told.rows[0]), *(list(row.values()) for row in told.rows[:most])]
        cells = ([shorten(one_line(cell), _WIDEST_CELL) for cell in row] for row in rows)
        lines += [f"{_INDENT}{line}" for line in table_lines(cells)]
    if told.evidence:
        lines += ["", f"words that it rests on, {count(len(told.evidence), 'place')}{_shown(len(told.evidence), most)}"]
        for item in told.evidence[:most]:
            place = f"bytes {item.bytes[0]}:{item.bytes[1]}" if item.bytes else item.landmark
            lines.append(f"{_INDENT}{item.report_id} {item.start}:{item.end}  {item.file}, {place}")
            lines.append(f"{_INDENT * 2}{_marked(item.sentence, item.quote)}")
    lines += block("does not fit", [(note,) for note in told.notes])
    return [*lines, "", f"to make it again: {told.rebuild}"]


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_told(item)}" for name, item in value.items()) or "-"
    if isinstance(value, list | tuple):
        return ", ".join(map(_told, value)) or "-"
    return "-" if value is None else printable(str(value))


_LOADED = {"memory": "made by the notebook", "elsewhere": "of your own"}


def _inputs(inputs: Mapping[str, Any], most: int) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for collection in inputs["collections"]:
        origin = _LOADED.get(collection["origin"], collection["origin"])
        rows.append((origin, "", count(collection["n_reports"], "report")))
        listed = collection.get("reports")
        if listed is None:
            rows.append(("", "", f"sha256 of their list {collection['sha256'][:16]}…"))
        for report in (listed or ())[:most]:
            rows.append((report["report_id"], report["file"], f"sha256 {report['sha256'][:16]}…"))
        if listed and len(listed) > most:
            rows.append(("…", "", f"{len(listed) - most:,} more; --all shows them"))
        rows += [("left out", problem["file"], problem["code"]) for problem in collection["excluded"]]
    return rows


def _shown(number: int, most: int) -> str:
    return f", the first {most}" if number > most else ""


def _marked(sentence: str, quote: str) -> str:
    """Return a sentence with the quoted words in 【】, where they lie within it."""
    place = sentence.find(quote)
    if place < 0 or sentence == quote:
        return f"【{one_line(quote)}】"
    before, after = sentence[:place], sentence[place + len(quote) :]
    return f"{one_line(before)}【{one_line(quote)}】{one_line(after)}"
