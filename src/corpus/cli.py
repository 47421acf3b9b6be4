"""The commands: what they take, whom they ask, and how they end."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus import __version__
from corpus.loading import load_reports
from corpus.loading.resources import data_path, notebooks_path
from corpus.publishing import answers, terminal
from corpus.report import Report, Reports
from corpus.values import CorpusError

if TYPE_CHECKING:
    import pandas as pd

FINE, INCOMPLETE, IMPOSSIBLE = 0, 1, 2
_OWN_FOLDER = "reports"
_STOPPED = 130
_PIPE_CLOSED = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status.

    0: done. 1: something was left out, failed or differs, and was named. 2: the request cannot be met.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except CorpusError as error:
        _complain(str(error))
        return IMPOSSIBLE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    except KeyboardInterrupt:
        _complain("stopped")
        return _STOPPED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="corpus", description="Chinese government reports as evidence.")
    parser.add_argument("--version", action="version", version=f"fazhi-workbook {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    check = commands.add_parser("check", help="what loads, what does not, and why")
    check.add_argument("path", nargs="?", metavar="PATH", help="a folder or file; the bundled reports if not given")
    check.add_argument("--json", action="store_true", help="answer in JSON")
    _take_reading(check)
    check.set_defaults(run=_check)

    show = commands.add_parser("show", help="one report: facts, layout, headings, changes")
    show.add_argument("report", metavar="REPORT_ID|FILE", help="id of a bundled report, or any file")
    show.add_argument("--id", metavar="REPORT_ID", help="which report of a folder, archive or table")
    show.add_argument("--raw", metavar="FILE", help="write the text that offsets count in to this file, as UTF-8")
    show.add_argument("--json", action="store_true", help="answer in JSON")
    _take_reading(show)
    show.set_defaults(run=_show)

    compare = commands.add_parser("compare", help="how alike two reports are, and which passages they share")
    compare.add_argument("a", metavar="A", help="id of a bundled report, or any file")
    compare.add_argument("b", metavar="B", help="id of a bundled report, or any file")
    compare.add_argument(
        "--reference",
        metavar="PATH",
        help="a folder or file of reports that say how common a word is (TF-IDF); the bundled reports if not given",
    )
    compare.add_argument("--json", action="store_true", help="answer in JSON")
    _take_reading(compare)
    compare.set_defaults(run=_compare)

    find = commands.add_parser("find", help="every place of some terms, with its context")
    find.add_argument("terms", nargs="+", metavar="TERM", help="the last one may be the path of a folder or file")
    find.add_argument("--in", dest="path", metavar="PATH", help="a folder or file; the bundled reports if not given")
    _take_reading(find)
    find.set_defaults(run=_find)

    add = commands.add_parser("add", help="copy files into a folder and write their catalogue rows")
    add.add_argument("files", nargs="+", metavar="FILE", help="a text file, web page, Word file or PDF")
    add.add_argument(
        "--into",
        default=_OWN_FOLDER,
        metavar="DIR",
        help=f"the folder, made if it is not there; default: ./{_OWN_FOLDER}",
    )
    add.add_argument("--encoding", metavar="NAME", help="encoding of text files, if it is not to be found out")
    add.set_defaults(run=_add)

    reproduce = commands.add_parser("reproduce", help="run the notebooks and draw the figures")
    reproduce.add_argument("--reports", metavar="PATH", help="a folder of reports of one's own")
    reproduce.add_argument("--out", metavar="DIR", help="where notebooks, figures and claims are put")
    reproduce.add_argument("--only", default="", metavar="NAME", help="beginning of a notebook's name, as 03")
    reproduce.set_defaults(run=_reproduce)

    verify = commands.add_parser("verify", help="run the notebooks again and compare with what is committed")
    verify.set_defaults(run=_verify)
    return parser


def _take_reading(command: argparse.ArgumentParser) -> None:
    command.add_argument("--encoding", metavar="NAME", help="encoding of text files, if it is not to be found out")
    command.add_argument(
        "--columns", metavar="OURS=THEIRS,…", help="columns of a table, as text=body,issuer=series,year_reviewed=date"
    )


def _load(path: str | Path | None, options: argparse.Namespace) -> Reports:
    columns = None
    if options.columns is not None:
        pairs = [pair.partition("=") for pair in options.columns.split(",")]
        if not all(ours and theirs for ours, _, theirs in pairs):
            raise CorpusError(
                f"--columns {options.columns}: write our name and the table's, as text=body,issuer=series"
            )
        columns = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    return load_reports(path, encoding=options.encoding, columns=columns)


def _check(options: argparse.Namespace) -> int:
    reports = _load(options.path, options)
    _answer(options, answers.check_answer(reports), terminal.check_lines(reports))
    return INCOMPLETE if reports.problems else FINE


def _show(options: argparse.Namespace) -> int:
    report = _find_report(options.report, load_reports(), options)
    if options.raw is not None:
        _write_raw(report, Path(options.raw))
        return FINE
    _answer(options, answers.report_answer(report), terminal.report_lines(report))
    return FINE


def _write_raw(report: Report, path: Path) -> None:
    from corpus.publishing.files import write_whole

    content = report.raw.encode("utf-8")
    if path.exists() and (not path.is_file() or path.read_bytes() != content):
        raise CorpusError(f"{path}: there is something of this name already; choose another name")
    write_whole(path, content)
    _print([f"{path}: {len(report.raw):,} characters of {report.report_id}, sha256 {sha256(content).hexdigest()}"])


def _add(options: argparse.Namespace) -> int:
    from corpus.publishing.adding import add_files, addition_lines

    addition = add_files([Path(file) for file in options.files], Path(options.into), encoding=options.encoding)
    _print(terminal.printable(line) for line in addition_lines(addition))
    return INCOMPLETE if addition.problems else FINE


def _compare(options: argparse.Namespace) -> int:
    from corpus.analysis.comparison import compare_edits, compare_reports
    from corpus.analysis.reuse import find_reuse

    bundled = load_reports()
    a, b = (_find_report(name, bundled, options) for name in (options.a, options.b))
    if a.report_id == b.report_id:
        a, b = replace(a, report_id=options.a), replace(b, report_id=options.b)
    reference = bundled if options.reference is None else _load(options.reference, options)
    if options.reference is not None:
        _name_problems(reference)
    both = replace(bundled, items=(a, b))
    pair = compare_reports(both, pairs="all", reference=reference)
    edits = compare_edits(both, pairs="all")[["minimum_edit"]]
    measures = {**_rows(pair.drop(columns=["report_a", "report_b"]))[0], **_rows(edits)[0]}
    parts: dict[str, Any] = {
        "measures": measures,
        "reference": (options.reference or "the bundled reports", pair.attrs["reference"]),
        "passages": _rows(find_reuse(both)),
    }
    _answer(options, answers.comparison_answer(a, b, **parts), terminal.comparison_lines(a, b, **parts))
    return INCOMPLETE if reference.problems else FINE


def _find(options: argparse.Namespace) -> int:
    from corpus.analysis.concordance import find_terms

    terms, path = options.terms, options.path
    if path is None and len(terms) > 1 and Path(terms[-1]).exists():
        *terms, path = terms
    reports = _load(path, options)
    _name_problems(reports)
    _print(terminal.concordance_lines(_rows(find_terms(reports, terms))))
    return INCOMPLETE if reports.problems else FINE


def _reproduce(options: argparse.Namespace) -> int:
    from corpus.publishing.notebooks import reproduce
    from corpus.publishing.series import Series, default_out

    path = None if options.reports is None else Path(options.reports)
    reports = load_reports(path)
    _name_problems(reports)
    if not reports:
        raise CorpusError(f"{path}: no report could be loaded from here, so there is nothing to run the notebooks on")
    out = default_out(path) if options.out is None else Path(options.out)
    run = reproduce(Series(notebooks_path(), path, options.only), out, progress=sys.stderr)
    for failure in run.failures:
        _complain(str(failure))
        _print((f"    {line}" for line in failure.report.splitlines()), sys.stderr)
    lines = [f"no notebook draws it any more, so it was removed: {figure}" for figure in run.removed]
    made = f"{terminal.count(len(run.notebooks), 'notebook')}, {terminal.count(len(run.figures), 'figure')}"
    changed = terminal.count(len(run.changed), "file")
    _print([*lines, f"{run.out}: {made}, {changed} changed, {run.seconds:.1f} s"])
    return INCOMPLETE if run.failures or reports.problems else FINE


def _verify(options: argparse.Namespace) -> int:
    from corpus.publishing.series import Series
    from corpus.publishing.verify import verify

    verdict = verify(Series(notebooks_path()), progress=sys.stderr)
    _print(str(difference) for difference in verdict.differences)
    if verdict.note:
        _print([verdict.note])
    found = terminal.count(len(verdict.differences), "difference") if verdict.differences else "nothing differs"
    _print([f"{found}: {terminal.count(verdict.n_files, 'file')}, {verdict.seconds:.1f} s"])
    return INCOMPLETE if verdict.differences else FINE


def _find_report(name: str, bundled: Reports, options: argparse.Namespace) -> Report:
    """Return the bundled report with this id, or the one in this file: as the catalogue has it if it is in there."""
    path = Path(name)
    report_id: str = getattr(options, "id", None) or ""
    if report_id:
        return _load(path, options)[report_id]
    for report in bundled:
        if report.report_id == name or data_path(report.source.file).resolve() == path.resolve():
            return report
    if path.is_dir():
        raise CorpusError(f"{path}: a folder; give one of its files, or name one of its reports with --id")
    if not path.exists():
        ids = ", ".join(report.report_id for report in bundled)
        raise CorpusError(f"{name}: neither a file nor the id of a bundled report; the ids are {ids}")
    loaded = _load(path, options)
    if not loaded and loaded.problems:
        raise CorpusError(str(loaded.problems[0]))
    if len(loaded) != 1 or loaded.problems:
        raise CorpusError(
            f"{path}: holds {terminal.count(len(loaded), 'report')}; name one with --id, as in corpus check"
        )
    return loaded[0]


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _name_problems(reports: Reports) -> None:
    for problem in reports.problems:
        _complain(f"left out: {problem}")


def _answer(options: argparse.Namespace, answer: dict[str, Any], lines: Iterable[str]) -> None:
    _print([json.dumps(answer, ensure_ascii=False, indent=1)] if options.json else lines)


def _complain(message: str) -> None:
    _print([f"corpus: {terminal.printable(message)}"], sys.stderr)


def _print(lines: Iterable[str], stream: Any = None) -> None:
    for line in lines:
        print(line, file=stream)
