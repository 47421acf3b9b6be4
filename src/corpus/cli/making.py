"""The commands that make something: a folder of reports, an archive, a run of the notebooks, pages."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.cli.asking import (
    FINE,
    INCOMPLETE,
    complain,
    load_and_name_problems,
    name_problems,
    print_lines,
    reading_of,
    results_folder,
)
from corpus.errors import CorpusError
from corpus.field.data_files import is_checkout, notebooks_path
from corpus.publishing.writing import text_width
from corpus.publishing.writing.language import say

if TYPE_CHECKING:
    from corpus.publishing.series.bundled_series import Series
    from corpus.report.reports import Reports

_JOBS = 2
_PAGES = "fazhi-workbook-html"


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
    reading = reading_of(options)
    if path is None and reading:
        raise CorpusError(
            "--encoding, --columns and --join say how reports of one's own are read;"
            " name these last: corpus reproduce PATH"
        )
    reports = load_and_name_problems(path, options)
    if not reports:
        told = "{path}: no report could be loaded from here, so there is nothing to run the notebooks on"
        raise CorpusError(say(told, path=path))
    look = Look(options.labels, options.profile, options.width)
    series = Series(notebooks_path(), path, getattr(options, "only", ""), reading, look)
    return series, default_out(series) if options.out is None else Path(options.out), reports


def run_lab(options: argparse.Namespace) -> int:
    """Open JupyterLab, with the environment that `reproduce` gives to its kernels, in place of this process."""
    from corpus.publishing.series.bundled_series import lay_out_notebooks
    from corpus.publishing.series.kernels import FIXED, OWN_REPORTS

    series, out, _ = _series_of(options)
    if not series.is_as_committed and (there := lay_out_notebooks(series, out)):
        told = "{out}: {n} there already stay as they are"
        complain(say(told, out=out, n=text_width.count(len(there), "notebook")))
    command = [sys.executable, "-P", "-m", "jupyterlab", str(out), *options.beyond]
    environment = {**os.environ, **FIXED, **(OWN_REPORTS if series.reports is not None else {})}
    sys.stderr.flush()
    return subprocess.call(command, env=environment) if os.name == "nt" else os.execve(command[0], command, environment)


def run_reproduce(options: argparse.Namespace) -> int:
    from corpus.publishing.results.contents import write_codecheck, write_contents, write_inputs
    from corpus.publishing.series.proofreading import proofread, write_readme
    from corpus.publishing.series.running import BESIDE, reproduce
    from corpus.publishing.writing.manifest import write_manifest

    series, out, reports = _series_of(options)
    run = reproduce(series, out, jobs=options.jobs or _JOBS, timeout_s=options.timeout, progress=sys.stderr)
    for file in run.kept:
        told = "{path}: changed while this ran, so it is kept; what this run made is in {new}"
        complain(say(told, path=out / file, new=f"{file}{BESIDE}"))
    for failure in run.failures:
        complain(str(failure))
        print_lines((f"    {line}" for line in failure.report.splitlines()), sys.stderr)
    is_whole = not run.failures and not run.kept
    write_contents(out)
    if series.reports is not None:
        write_inputs(out, series, reports, command=["corpus", *options.typed])
    if series.is_as_committed and is_checkout() and out.resolve() == notebooks_path().resolve() and is_whole:
        write_codecheck(notebooks_path().parent)
        write_readme(notebooks_path().parent)
        write_manifest(notebooks_path().parent)
        for typed in proofread(notebooks_path().parent):
            complain(str(typed))
    removed = "no notebook makes it any more, so it was removed: {folder}"
    lines = [say(removed, folder=folder) for folder in run.removed]
    numbers = {"notebook": run.notebooks, "figure": run.figures, "table": run.tables}
    made = ", ".join(text_width.count(len(names), noun) for noun, names in numbers.items())
    changed, seconds = text_width.count(len(run.changed), "file"), f"{run.seconds:.1f}"
    told = say("{out}: {made}, {changed} changed, {seconds} s", out=out, made=made, changed=changed, seconds=seconds)
    print_lines([*lines, told])
    return FINE if is_whole and not reports.problems else INCOMPLETE


def run_export(options: argparse.Namespace) -> int:
    from corpus.publishing.results.pages import export_html

    folder = results_folder(options)
    print_lines(map(str, export_html(folder, Path(options.out or _PAGES))))
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
        verdict = verify(Series(results_folder(options)), jobs=options.jobs or _JOBS, progress=sys.stderr)
    print_lines(str(difference) for difference in verdict.differences)
    print_lines(f"likely cause: {cause}" for cause in verdict.causes)
    if verdict.note:
        print_lines([verdict.note])
    found = text_width.count(len(verdict.differences), "difference") if verdict.differences else "nothing differs"
    print_lines([f"{found}: {text_width.count(verdict.n_files, 'file')}, {verdict.seconds:.1f} s"])
    return INCOMPLETE if verdict.differences else FINE


def run_manifest(options: argparse.Namespace) -> int:
    from corpus.publishing.writing.manifest import MANIFEST, write_manifest

    if not is_checkout():
        raise CorpusError(f"{MANIFEST} lists the files of a checkout; this is an installed wheel")
    changed = write_manifest(notebooks_path().parent)
    print_lines([f"{MANIFEST}: {'written anew' if changed else 'as it was'}"])
    return FINE
