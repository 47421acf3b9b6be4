"""The commands that make something, and those that say what stands behind it."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from dataclasses import replace
from pathlib import Path

from corpus.cli import plain_answers
from corpus.cli.asking import FINE, INCOMPLETE, answer, complain, load_asked, name_problems, print_lines, reading_of
from corpus.errors import CorpusError
from corpus.field.data_files import is_checkout, notebooks_path
from corpus.publishing.writing import text_width

_GLANCE, _EVERYTHING = 10, sys.maxsize


def run_add(options: argparse.Namespace) -> int:
    from corpus.cli.adding import add_files, addition_lines

    addition = add_files([Path(file) for file in options.files], Path(options.into), encoding=options.encoding)
    print_lines(text_width.printable(line) for line in addition_lines(addition))
    return INCOMPLETE if addition.problems else FINE


def run_pack(options: argparse.Namespace) -> int:
    from corpus.loading.files.documents import Reading
    from corpus.scale.packing import pack

    told = reading_of(options)
    reading = Reading(told.get("encoding"), told.get("columns"), told.get("join", ())) if told else None
    packed = pack(Path(options.path), Path(options.archive), reading=reading, jobs=options.jobs)
    name_problems(packed.reports)
    if packed.note:
        complain(packed.note)
    held = text_width.count(len(packed.reports), "report")
    files = f"{text_width.count(packed.n_read, 'file')} read, {packed.n_kept:,} as before, {packed.n_gone:,} gone"
    print_lines([f"{options.archive}: {held}; {files}"])
    return INCOMPLETE if packed.reports.problems else FINE


def run_reproduce(options: argparse.Namespace) -> int:
    from corpus.publishing.figures.look import Look
    from corpus.publishing.series.bundled_series import Series, default_out
    from corpus.publishing.series.proofreading import proofread
    from corpus.publishing.series.readme import write_readme
    from corpus.publishing.series.running import BESIDE, reproduce
    from corpus.publishing.writing.manifest import write_manifest

    path = None if options.path is None else Path(options.path)
    reading = reading_of(options)
    if path is None and reading:
        raise CorpusError(
            "--encoding, --columns and --join say how reports of one's own are read;"
            " name these last: corpus reproduce PATH"
        )
    reports = load_asked(path, options)
    name_problems(reports)
    if not reports:
        raise CorpusError(f"{path}: no report could be loaded from here, so there is nothing to run the notebooks on")
    look = Look(options.labels, options.profile, options.width)
    series = Series(notebooks_path(), path, options.only, reading, look)
    out = default_out(series) if options.out is None else Path(options.out)
    run = reproduce(series, out, progress=sys.stderr)
    for file in run.kept:
        complain(f"{out / file}: changed while this ran, so it is kept; what this run made is in {file}{BESIDE}")
    for failure in run.failures:
        complain(str(failure))
        print_lines((f"    {line}" for line in failure.report.splitlines()), sys.stderr)
    is_whole = not run.failures and not run.kept
    if series.is_as_committed and is_checkout() and out.resolve() == notebooks_path().resolve() and is_whole:
        write_readme(notebooks_path().parent)
        write_manifest(notebooks_path().parent)
        for typed in proofread(notebooks_path().parent):
            complain(str(typed))
    lines = [f"no notebook makes it any more, so it was removed: {folder}" for folder in run.removed]
    numbers = {"notebook": run.notebooks, "figure": run.figures, "table": run.tables}
    made = ", ".join(text_width.count(len(names), noun) for noun, names in numbers.items())
    changed = text_width.count(len(run.changed), "file")
    print_lines([*lines, f"{run.out}: {made}, {changed} changed, {run.seconds:.1f} s"])
    return FINE if is_whole and not reports.problems else INCOMPLETE


def run_explain(options: argparse.Namespace) -> int:
    from corpus.publishing.results.explain import explain

    folder = _results(options)
    told = explain(options.name, folder, reports=load_asked(options.path, options))
    if options.results is not None:
        path = [] if options.path is None else [options.path]
        told = replace(told, rebuild=shlex.join([*told.rebuild.split(), "--out", options.results, *path]))
    most = _EVERYTHING if options.all else _GLANCE
    answer(options, told.answer(), plain_answers.explanation_lines(told, most=most))
    return INCOMPLETE if told.notes else FINE


def run_figures(options: argparse.Namespace) -> int:
    from corpus.publishing.results.figure_folders import (
        figure_answer,
        figure_lines,
        find_figure,
        list_lines,
        read_figures,
    )
    from corpus.publishing.results.pages import gallery
    from corpus.publishing.writing.whole_files import write_new

    folder = _results(options)
    figures = read_figures(folder)
    if options.name is not None:
        figure = find_figure(figures, options.name)
        if options.html is None:
            answer(options, figure_answer(figure), figure_lines(figure))
            return FINE
        figures = [figure]
    if options.html is None:
        answer(options, [figure_answer(figure) for figure in figures], list_lines(figures))
        return FINE
    page = Path(options.html)
    files_at = Path(os.path.relpath(folder / "figures", page.resolve().parent)).as_posix()
    write_new(page, gallery(figures, files_at=files_at).encode("utf-8"))
    print_lines([f"{page}: {text_width.count(len(figures), 'figure')}"])
    return FINE


def run_tables(options: argparse.Namespace) -> int:
    from corpus.publishing.results.table_lists import (
        find_table,
        one_table_lines,
        read_tables,
        table_answer,
        table_list_lines,
    )

    tables = read_tables(_results(options))
    if options.name is None:
        answer(options, list(map(table_answer, tables)), table_list_lines(tables))
    else:
        table = find_table(tables, options.name)
        answer(options, table_answer(table), one_table_lines(table))
    return FINE


def run_export(options: argparse.Namespace) -> int:
    from corpus.publishing.results.pages import export_html

    folder = _results(options)
    print_lines(map(str, export_html(folder, Path(options.out))))
    return FINE


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
        verdict = verify(Series(_results(options)), progress=sys.stderr)
    print_lines(str(difference) for difference in verdict.differences)
    print_lines(f"likely cause: {cause}" for cause in verdict.causes)
    if verdict.note:
        print_lines([verdict.note])
    found = text_width.count(len(verdict.differences), "difference") if verdict.differences else "nothing differs"
    print_lines([f"{found}: {text_width.count(verdict.n_files, 'file')}, {verdict.seconds:.1f} s"])
    return INCOMPLETE if verdict.differences else FINE


def _results(options: argparse.Namespace) -> Path:
    """Return the folder of notebooks, figures and tables that was named, or that of the workbook."""
    folder = notebooks_path() if options.results is None else Path(options.results)
    if not folder.is_dir():
        raise CorpusError(f"{folder}: there is no such folder; corpus reproduce PATH --out {folder} makes it")
    return folder


def run_manifest(options: argparse.Namespace) -> int:
    from corpus.publishing.writing.manifest import MANIFEST, write_manifest

    if not is_checkout():
        raise CorpusError(f"{MANIFEST} lists the files of a checkout; this is an installed wheel")
    changed = write_manifest(notebooks_path().parent)
    print_lines([f"{MANIFEST}: {'written anew' if changed else 'as it was'}"])
    return FINE
