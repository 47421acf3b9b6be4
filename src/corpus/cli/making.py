"""The commands that make something, and those that tell what was made and what stands behind it."""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.cli import asking
from corpus.errors import CorpusError
from corpus.field.data_files import data_path, is_checkout, notebooks_path
from corpus.publishing.writing.screen import block, count, one_line, printable, say, shorten, table_lines, wrap

if TYPE_CHECKING:
    from corpus.publishing.evidence.saved_results import Saved
    from corpus.publishing.results.explain import Explanation
    from corpus.publishing.series.bundled_series import Series
    from corpus.report.reports import Reports

_JOBS = 2
_PAGES = "fazhi-workbook-html"
_INDENT = "  "
_GLANCE = 10
_WIDEST_CELL = 24


def run_pack(options: argparse.Namespace) -> int:
    from corpus.loading.files.documents import Reading
    from corpus.scale.packing import pack

    told = asking.reading_of(options)
    reading = Reading(told.get("encoding"), told.get("columns"), told.get("join", ())) if told else None
    packed = pack(Path(options.path), Path(options.archive), reading=reading, jobs=options.jobs)
    asking.name_problems(packed.reports)
    if packed.note:
        asking.complain(packed.note)
    held = count(len(packed.reports), "report")
    files = f"{count(packed.n_read, 'file')} read, {packed.n_kept:,} as before, {packed.n_gone:,} gone"
    asking.print_lines([f"{options.archive}: {held}; {files}"])
    return asking.INCOMPLETE if packed.reports.problems else asking.FINE


def _series_of(options: argparse.Namespace) -> tuple[Series, Path, Reports]:
    """Return the series that is asked for, the folder for it, and the reports that it is about.

    Raises
    ------
    CorpusError
        If there is no report to run it on.
    """
    from corpus.publishing.figures.look import Look
    from corpus.publishing.series.bundled_series import Series, default_out

    path = None if options.path is None else Path(options.path)
    reading = asking.reading_of(options)
    if path is None and reading:
        raise CorpusError(
            "--encoding, --columns and --join say how reports of one's own are read;"
            " name these last: corpus reproduce PATH"
        )
    reports = asking.load_and_name_problems(path, options)
    if not reports:
        told = "{path}: no report could be loaded from here, so there is nothing to run the notebooks on"
        raise CorpusError(say(told, path=path or "data/raw"))
    look = Look(options.labels, options.profile, options.width)
    series = Series(notebooks_path(), path, getattr(options, "only", ""), reading, look)
    return series, default_out(series) if options.out is None else Path(options.out), reports


def run_lab(options: argparse.Namespace) -> int:
    """Open JupyterLab, with the environment that `reproduce` gives to its kernels, in place of this process."""
    from corpus.publishing.series.bundled_series import lay_out_notebooks
    from corpus.publishing.series.kernels import FIXED

    series, out, _ = _series_of(options)
    if not series.is_as_committed and (there := lay_out_notebooks(series, out)):
        told = "{out}: {n} there already stay as they are"
        asking.complain(say(told, out=out, n=count(len(there), "notebook")))
    # It asks for no news, and its kernels name no version of Python, so that a notebook that is read stays unchanged.
    settings = f"--LabApp.app_settings_dir={data_path('jupyter', 'settings')}"
    command = [sys.executable, "-P", "-m", "jupyterlab", str(out), settings, *options.beyond]
    kernels = os.pathsep.join(filter(None, (str(data_path("jupyter")), os.environ.get("JUPYTER_PATH"))))
    environment = {**os.environ, **FIXED, "JUPYTER_PATH": kernels}
    sys.stderr.flush()
    return subprocess.call(command, env=environment) if os.name == "nt" else os.execve(command[0], command, environment)


def run_reproduce(options: argparse.Namespace) -> int:
    from corpus.publishing.results.contents import write_codecheck, write_contents, write_inputs
    from corpus.publishing.series.running import BESIDE, reproduce
    from corpus.publishing.series.verify import proofread, write_readme
    from corpus.publishing.writing.whole_files import write_manifest

    series, out, reports = _series_of(options)
    run = reproduce(series, out, jobs=options.jobs or _JOBS, timeout_s=options.timeout, progress=sys.stderr)
    for file in run.kept:
        told = "{path}: changed while this ran, so it is kept; what this run made is in {new}"
        asking.complain(say(told, path=out / file, new=f"{file}{BESIDE}"))
    for failure in run.failures:
        asking.complain(str(failure))
        asking.print_lines((f"    {line}" for line in failure.report.splitlines()), sys.stderr)
    is_whole = not run.failures and not run.kept
    write_contents(out)
    if series.reports is not None:
        write_inputs(out, series, reports, command=["corpus", *options.typed])
    if series.is_as_committed and is_checkout() and out.resolve() == notebooks_path().resolve() and is_whole:
        write_codecheck(notebooks_path().parent)
        write_readme(notebooks_path().parent)
        write_manifest(notebooks_path().parent)
        for wrong in proofread(notebooks_path().parent):
            asking.complain(str(wrong))
    removed = "no notebook makes it any more, so it was removed: {folder}"
    lines = [say(removed, folder=folder) for folder in run.removed]
    numbers = {"notebook": run.notebooks, "figure": run.figures, "table": run.tables}
    made = ", ".join(count(len(names), noun) for noun, names in numbers.items())
    changed, seconds = count(len(run.changed), "file"), f"{run.seconds:.1f}"
    told = say("{out}: {made}, {changed} changed, {seconds} s", out=out, made=made, changed=changed, seconds=seconds)
    asking.print_lines([*lines, told])
    return asking.FINE if is_whole and not reports.problems else asking.INCOMPLETE


def run_export(options: argparse.Namespace) -> int:
    from corpus.publishing.results.contents import export_html

    folder = asking.results_folder(options)
    asking.print_lines(map(str, export_html(folder, Path(options.out or _PAGES))))
    return asking.FINE


def run_verify(options: argparse.Namespace) -> int:
    from corpus.publishing.series.bundled_series import Series
    from corpus.publishing.series.verify import verify, verify_quickly

    if options.quick and options.results is not None:
        raise CorpusError(
            "--quick compares the files of the workbook itself; to run what --in names again, leave it out"
        )
    if options.quick:
        verdict = verify_quickly(notebooks_path().parent)
    else:
        verdict = verify(Series(asking.results_folder(options)), jobs=options.jobs or _JOBS, progress=sys.stderr)
    asking.print_lines(str(difference) for difference in verdict.differences)
    asking.print_lines(f"likely cause: {cause}" for cause in verdict.causes)
    if verdict.note:
        asking.print_lines([verdict.note])
    found = count(len(verdict.differences), "difference") if verdict.differences else "nothing differs"
    asking.print_lines([f"{found}: {count(verdict.n_files, 'file')}, {verdict.seconds:.1f} s"])
    return asking.INCOMPLETE if verdict.differences else asking.FINE


def run_manifest(options: argparse.Namespace) -> int:
    from corpus.publishing.writing.whole_files import MANIFEST, write_manifest

    if not is_checkout():
        raise CorpusError(f"{MANIFEST} lists the files of a checkout; this is an installed wheel")
    changed = write_manifest(notebooks_path().parent)
    asking.print_lines([f"{MANIFEST}: {'written anew' if changed else 'as it was'}"])
    return asking.FINE


def run_explain(options: argparse.Namespace) -> int:
    from corpus.publishing.results.explain import explain

    told = explain(options.name, asking.results_folder(options), reports=asking.load_asked(options.path, options))
    if options.results is not None:
        path = [] if options.path is None else [options.path]
        told = replace(told, rebuild=shlex.join([*told.rebuild.split(), "--out", options.results, *path]))
    asking.answer(options, lambda: told, lambda: _lines_of(told, most=sys.maxsize if options.all else _GLANCE))
    return asking.INCOMPLETE if told.notes else asking.FINE


def run_figures(options: argparse.Namespace) -> int:
    return _list_results("figures", options)


def run_tables(options: argparse.Namespace) -> int:
    return _list_results("tables", options)


def _list_results(kind: str, options: argparse.Namespace) -> int:
    from corpus.publishing.evidence.saved_results import read_all
    from corpus.publishing.results.explain import describe

    folder = asking.results_folder(options)
    results = read_all(folder, kind)
    if not results:
        raise CorpusError(f"{folder}: holds no {kind}; corpus reproduce makes them")
    asking.answer(options, lambda: list(map(describe, results)), lambda: _lines_of_list(results, kind))
    return asking.FINE


def _lines_of_list(results: Sequence[Saved], kind: str) -> Iterator[str]:
    """Tell of each notebook its question, and of what it makes the name, the size and what it shows."""
    from corpus.publishing.results.explain import question_of

    for notebook, group in groupby(results, key=lambda result: result.notebook):
        made = list(group)
        yield from wrap(f"{printable(notebook or 'in no notebook')}  ", printable(question_of(made[0])))
        for result in made:
            size = f"{count(len(result.rows), 'row')}, {count(len(result.columns), 'column')}"
            if result.kind == "figure":
                size = "{:.0f} × {:.0f} mm".format(*result.size_mm)
            yield f"{_INDENT}{result.name}  {size}"
            yield from wrap(_INDENT * 3, printable(result.first_sentence))
        yield ""
    yield f"{count(len(results), kind[:-1])}; one of them with all that belongs to it: corpus explain NAME"


def _lines_of(told: Explanation, *, most: int) -> list[str]:
    """Tell what stands behind a figure, a table or a cell, with at most so many rows and sentences."""
    where = f"notebook {told.notebook}, cell {told.cell}" if told.cell else "made outside of a notebook"
    lines = [f"{told.kind} {told.name}: {where}"]
    facts = dict(told.facts)
    if caption := facts.pop("caption"):
        lines += ["", *caption.split("\n\n")]
    if told.kind == "cell":
        lines += block("value", [(name, _told(value)) for name, value in facts.items()])
    else:
        made = [(name, _told(facts[name])) for name in ("functions", "parameters", "versions")]
        lines += block("drawn with" if told.kind == "figure" else "made with", made)
        lines += block("reports", _inputs(facts["inputs"], most))
    lines += ["", "cell", *(f"{_INDENT}{printable(line)}" for line in told.code.splitlines())] if told.code else []
    if told.rows:
        lines += ["", f"data.csv, {_first(len(told.rows), 'row', most)}"]
        rows = [list(told.rows[0]), *(list(row.values()) for row in told.rows[:most])]
        cells = ([shorten(one_line(cell), _WIDEST_CELL) for cell in row] for row in rows)
        lines += [f"{_INDENT}{line}" for line in table_lines(cells)]
    if told.evidence:
        lines += ["", f"words that it rests on, {_first(len(told.evidence), 'place', most)}"]
        for item in told.evidence[:most]:
            place = f"bytes {item.bytes[0]}:{item.bytes[1]}" if item.bytes else item.landmark
            lines.append(f"{_INDENT}{item.report_id} {item.start}:{item.end}  {item.file}, {place}")
            sentence = item.sentence if item.quote in item.sentence else item.quote
            lines.append(f"{_INDENT * 2}{one_line(sentence.replace(item.quote, f'【{item.quote}】', 1))}")
    lines += block("does not fit", [(note,) for note in told.notes])
    lines += _columns(told) if told.kind == "table" else []
    if told.kind != "cell":
        lines += block("files", [(file,) for file in facts["files"]])
        lines += ["", *wrap("GB/T 7714  ", facts["gbt_7714"]), "", *facts["bibtex"].splitlines()]
    return [*lines, "", f"to make it again: {told.rebuild}"]


def _columns(told: Explanation) -> Iterator[str]:
    """Tell what the columns of a table hold, and how a cell of it is called."""
    yield from ("", "columns")
    for held in told.facts["columns"]:
        bounds = ", ".join(filter(None, (held["unit"], held["range"])))
        yield from wrap(f"{_INDENT}{held['name']}{f' ({bounds})' if bounds else ''}: ", held["meaning"])
    names, column = told.facts["row_names"], told.facts["columns"][-1]["name"]
    yield f"{_INDENT}a cell in prose: {told.name}.{f'{names[0]}.{column}' if names else f'{column}.max'}"


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_told(item)}" for name, item in value.items()) or "-"
    if isinstance(value, list | tuple):
        return ", ".join(map(_told, value)) or "-"
    return "-" if value is None else printable(str(value))


def _inputs(inputs: Mapping[str, Any], most: int) -> list[tuple[str, ...]]:
    origins = {"memory": "made by the notebook", "elsewhere": "of your own"}
    rows: list[tuple[str, ...]] = []
    for collection in inputs["collections"]:
        origin = collection["origin"]
        rows.append((origins.get(origin, origin), "", count(collection["n_reports"], "report")))
        listed = collection.get("reports")
        if listed is None:
            rows.append(("", "", f"sha256 of their list {collection['sha256'][:16]}…"))
            continue
        rows += [(each["report_id"], each["file"], f"sha256 {each['sha256'][:16]}…") for each in listed[:most]]
        if len(listed) > most:
            rows.append(("…", "", f"{len(listed) - most:,} more; --all shows them"))
        rows += [("left out", problem["file"], problem["code"]) for problem in collection["excluded"]]
    return rows


def _first(number: int, noun: str, most: int) -> str:
    return f"{count(number, noun)}{f', the first {most}' if number > most else ''}"
