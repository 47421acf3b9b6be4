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
from corpus.loading.resources import data_path, is_checkout, notebooks_path
from corpus.publishing import answers, attributing, checking, terminal
from corpus.report import Report, Reports
from corpus.values import UNITS, CorpusError

if TYPE_CHECKING:
    import pandas as pd

FINE, INCOMPLETE, IMPOSSIBLE = 0, 1, 2
_OWN_FOLDER = "reports"
_GLANCE, _EVERYTHING = 10, sys.maxsize
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
    compare.add_argument("--html", metavar="FILE", help="write both reports side by side to this file, as a page")
    _take_reading(compare)
    compare.set_defaults(run=_compare)

    find = commands.add_parser("find", help="every place of some terms, with its context")
    find.add_argument("terms", nargs="+", metavar="TERM", help="the last one may be the path of a folder or file")
    find.add_argument("--in", dest="path", metavar="PATH", help="a folder or file; the bundled reports if not given")
    _take_reading(find)
    find.set_defaults(run=_find)

    years = commands.add_parser("years", help="what became of each passage in an issuer's next report")
    years.add_argument("path", nargs="?", metavar="PATH", help="a folder or file; the bundled reports if not given")
    years.add_argument("--unit", choices=UNITS[1:], default="sentence", help="what a passage is")
    years.add_argument("--max-gap", type=int, default=1, metavar="YEARS", help="most years from a report to the next")
    years.add_argument("--json", action="store_true", help="answer in JSON")
    years.add_argument("--csv", metavar="FILE", help="write every passage with its change to this file")
    _take_reading(years)
    years.set_defaults(run=_years)

    boilerplate = commands.add_parser("boilerplate", help="where each character comes from: everybody, others, itself")
    boilerplate.add_argument(
        "path", nargs="?", metavar="PATH", help="a folder or file; the bundled reports if not given"
    )
    boilerplate.add_argument("--unit", choices=UNITS[1:], default="sentence", help="what a passage is")
    boilerplate.add_argument("--json", action="store_true", help="answer in JSON, with every measure of boilerplate")
    boilerplate.add_argument("--csv", metavar="FILE", help="write every passage with its origin to this file")
    _take_reading(boilerplate)
    boilerplate.set_defaults(run=_boilerplate)

    leftovers = commands.add_parser("leftovers", help="what a report seems to keep from an older or a borrowed text")
    leftovers.add_argument("path", nargs="?", metavar="PATH", help="a folder or file; the bundled reports if not given")
    leftovers.add_argument("--typos", action="store_true", help="name slips of writing too")
    leftovers.add_argument("--json", action="store_true", help="answer in JSON")
    _take_reading(leftovers)
    leftovers.set_defaults(run=_leftovers)

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
    reproduce.add_argument("--reports", metavar="PATH", help="a folder or file of reports of one's own")
    reproduce.add_argument("--out", metavar="DIR", help="where notebooks, figures and claims are put")
    reproduce.add_argument("--only", default="", metavar="NAME", help="beginning of a notebook's name, as 03")
    _take_reading(reproduce)
    reproduce.set_defaults(run=_reproduce)

    explain = commands.add_parser("explain", help="what stands behind a figure or a number of the notebooks")
    explain.add_argument("name", metavar="NAME", help="a figure, as shared-passages, or a claim, as yiyuan.longest")
    explain.add_argument("--in", dest="folder", metavar="DIR", help="where notebooks, figures and claims are")
    explain.add_argument(
        "--reports", metavar="PATH", help="the reports that they ran on; the bundled ones if not given"
    )
    explain.add_argument("--all", action="store_true", help="every row and every place")
    explain.add_argument("--json", action="store_true", help="answer in JSON")
    _take_reading(explain)
    explain.set_defaults(run=_explain)

    figures = commands.add_parser("figures", help="all figures, with what each shows")
    figures.add_argument("--in", dest="folder", metavar="DIR", help="where notebooks and figures are")
    figures.add_argument("--html", metavar="FILE", help="write a page with all figures and how to cite them")
    figures.set_defaults(run=_figures)

    export = commands.add_parser("export", help="the notebooks as pages for a browser")
    export.add_argument("form", choices=["html"])
    export.add_argument("--in", dest="folder", metavar="DIR", help="where notebooks and figures are")
    export.add_argument("--out", default="fazhi-workbook-html", metavar="DIR", help="default: ./fazhi-workbook-html")
    export.set_defaults(run=_export)

    verify = commands.add_parser("verify", help="run the notebooks again and compare with what is committed")
    verify.add_argument("--quick", action="store_true", help="run nothing: compare all files with MANIFEST.sha256")
    verify.set_defaults(run=_verify)

    manifest = commands.add_parser("manifest", help="write MANIFEST.sha256 anew, after a change to data or code")
    manifest.set_defaults(run=_manifest)
    return parser


def _take_reading(command: argparse.ArgumentParser) -> None:
    command.add_argument("--encoding", metavar="NAME", help="encoding of text files, if it is not to be found out")
    command.add_argument(
        "--columns", metavar="OURS=THEIRS,…", help="columns of a table, as text=body,issuer=series,year_reviewed=date"
    )


def _load(path: str | Path | None, options: argparse.Namespace) -> Reports:
    return load_reports(path, **_reading(options))


def _reading(options: argparse.Namespace) -> dict[str, Any]:
    """Return what `load_reports` is told besides the path."""
    reading: dict[str, Any] = {}
    if options.encoding is not None:
        reading["encoding"] = options.encoding
    if options.columns is not None:
        pairs = [pair.partition("=") for pair in options.columns.split(",")]
        if not all(ours and theirs for ours, _, theirs in pairs):
            raise CorpusError(
                f"--columns {options.columns}: write our name and the table's, as text=body,issuer=series"
            )
        reading["columns"] = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    return reading


def _check(options: argparse.Namespace) -> int:
    reports = _load(options.path, options)
    _answer(options, answers.check_answer(reports), checking.check_lines(reports))
    if not reports:
        _complain(f"{options.path}: there is no report here; put text files, web pages, Word files or PDFs there")
    return INCOMPLETE if reports.problems or not reports else FINE


def _show(options: argparse.Namespace) -> int:
    report = _find_report(options.report, load_reports(), options)
    if options.raw is not None:
        _write_raw(report, Path(options.raw))
        return FINE
    _answer(options, answers.report_answer(report), terminal.report_lines(report))
    return FINE


def _write_raw(report: Report, path: Path) -> None:
    from corpus.publishing.files import write_new

    content = report.raw.encode("utf-8")
    write_new(path, content)
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
    if options.html is not None:
        _write_comparison(a, b, Path(options.html), reference=reference)
        return INCOMPLETE if reference.problems else FINE
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


def _write_comparison(a: Report, b: Report, path: Path, *, reference: Reports) -> None:
    from corpus.publishing.files import write_new
    from corpus.publishing.reader import show_comparison

    comparison = show_comparison(a, b, reference=reference)
    write_new(path, comparison.page().encode("utf-8"))
    passages = terminal.count(len(comparison.passages), "shared passage")
    _print([f"{path}: {a.report_id} and {b.report_id} side by side, {passages}"])


def _find(options: argparse.Namespace) -> int:
    from corpus.analysis.concordance import find_terms

    terms, path = options.terms, options.path
    if path is None and len(terms) > 1 and Path(terms[-1]).exists():
        *terms, path = terms
    reports = _load(path, options)
    _name_problems(reports)
    _print(terminal.concordance_lines(_rows(find_terms(reports, terms))))
    return INCOMPLETE if reports.problems else FINE


def _years(options: argparse.Namespace) -> int:
    from corpus.analysis.revisions import align_years, share_revisions
    from corpus.analysis.succession import tabulate_successions

    reports = _load(options.path, options)
    _name_problems(reports)
    successions = tabulate_successions(reports, max_gap=options.max_gap)
    revisions = align_years(reports, unit=options.unit, max_gap=options.max_gap)
    shares = share_revisions(reports, revisions)
    if options.csv is not None:
        _write_csv(revisions, Path(options.csv))
    n_new = {
        str(later): (int((found == "issuer").sum()), int((found == "everybody").sum()))
        for later, found in revisions.groupby("later")["new_for"]
    }
    _answer(
        options,
        answers.years_answer(successions, shares, revisions=revisions) if options.json else {},
        terminal.years_lines(_rows(successions), _rows(shares), n_new=n_new),
    )
    return INCOMPLETE if reports.problems else FINE


def _boilerplate(options: argparse.Namespace) -> int:
    from corpus.analysis.formulas import find_formulas
    from corpus.analysis.measures import tabulate_measures
    from corpus.analysis.origins import MIN_ISSUERS, share_origins, tabulate_origins, trace_origins
    from corpus.analysis.robustness import tabulate_shares
    from corpus.analysis.specificity import score_specificity

    reports = _load(options.path, options)
    _name_problems(reports)
    origins = trace_origins(reports)
    shares = share_origins(origins)
    scores = score_specificity(reports, unit=options.unit)
    told = scores[["report_id", "start", "end", "specificity", "is_heading", "text"]]
    passages = tabulate_origins(reports, origins, unit=options.unit).merge(told, on=["report_id", "start", "end"])
    if options.csv is not None:
        _write_csv(passages, Path(options.csv))
    if options.json:
        formulas = find_formulas(reports)
        formulas = formulas[formulas["n_issuers"] >= MIN_ISSUERS]
        measures = tabulate_measures(reports, scores, unit=options.unit)
        _answer(options, answers.boilerplate_answer(shares, measures, passages=passages, formulas=formulas), ())
    else:
        curve = tabulate_shares(reports).groupby("report_id")["share_common"].agg(["min", "max"])
        ranges = {str(report_id): (low, high) for report_id, low, high in curve.itertuples()}
        _answer(options, {}, attributing.boilerplate_lines(_rows(shares), _rows(passages), ranges=ranges))
    return INCOMPLETE if reports.problems else FINE


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    from corpus.publishing.files import write_new

    write_new(path, table.to_csv(index=False, lineterminator="\n").encode("utf-8"))


def _leftovers(options: argparse.Namespace) -> int:
    from corpus.analysis.leftovers import find_leftovers

    reports = _load(options.path, options)
    _name_problems(reports)
    found = find_leftovers(reports, typos=options.typos)
    rows, unjudged = _rows(found), found.attrs["excluded"]
    _answer(options, answers.leftovers_answer(rows), terminal.leftover_lines(reports, rows, unjudged=unjudged))
    return INCOMPLETE if reports.problems else FINE


def _reproduce(options: argparse.Namespace) -> int:
    from corpus.publishing.manifest import write_manifest
    from corpus.publishing.notebooks import reproduce
    from corpus.publishing.series import Series, default_out

    path = None if options.reports is None else Path(options.reports)
    reading = _reading(options)
    if path is None and reading:
        raise CorpusError("--encoding and --columns say how reports of one's own are read; name these with --reports")
    reports = _load(path, options)
    _name_problems(reports)
    if not reports:
        raise CorpusError(f"{path}: no report could be loaded from here, so there is nothing to run the notebooks on")
    out = default_out(path) if options.out is None else Path(options.out)
    series = Series(notebooks_path(), path, options.only, reading)
    run = reproduce(series, out, progress=sys.stderr)
    for failure in run.failures:
        _complain(str(failure))
        _print((f"    {line}" for line in failure.report.splitlines()), sys.stderr)
    if path is None and is_checkout() and out.resolve() == notebooks_path().resolve() and not run.failures:
        write_manifest(notebooks_path().parent)
    lines = [f"no notebook draws it any more, so it was removed: {figure}" for figure in run.removed]
    made = f"{terminal.count(len(run.notebooks), 'notebook')}, {terminal.count(len(run.figures), 'figure')}"
    changed = terminal.count(len(run.changed), "file")
    _print([*lines, f"{run.out}: {made}, {changed} changed, {run.seconds:.1f} s"])
    return INCOMPLETE if run.failures or reports.problems else FINE


def _explain(options: argparse.Namespace) -> int:
    from corpus.publishing.explain import explain

    folder = notebooks_path() if options.folder is None else Path(options.folder)
    told = explain(options.name, folder, reports=_load(options.reports, options))
    most = _EVERYTHING if options.all else _GLANCE
    _answer(options, told.answer(), terminal.explanation_lines(told, most=most))
    return INCOMPLETE if told.notes else FINE


def _figures(options: argparse.Namespace) -> int:
    from corpus.publishing.files import write_new
    from corpus.publishing.gallery import gallery, read_figures

    folder = notebooks_path() if options.folder is None else Path(options.folder)
    figures = read_figures(folder)
    if options.html is None:
        _print(terminal.table_lines((figure.name, figure.notebook, figure.first_sentence) for figure in figures))
        return FINE
    page = Path(options.html)
    files_at = Path(os.path.relpath(folder / "figures", page.resolve().parent)).as_posix()
    write_new(page, gallery(figures, files_at=files_at).encode("utf-8"))
    _print([f"{page}: {terminal.count(len(figures), 'figure')}"])
    return FINE


def _export(options: argparse.Namespace) -> int:
    from corpus.publishing.export import export_html

    folder = notebooks_path() if options.folder is None else Path(options.folder)
    _print(map(str, export_html(folder, Path(options.out))))
    return FINE


def _verify(options: argparse.Namespace) -> int:
    from corpus.publishing.series import Series
    from corpus.publishing.verify import verify, verify_quickly

    if options.quick:
        verdict = verify_quickly(notebooks_path().parent)
    else:
        verdict = verify(Series(notebooks_path()), progress=sys.stderr)
    _print(str(difference) for difference in verdict.differences)
    _print(f"likely cause: {cause}" for cause in verdict.causes)
    if verdict.note:
        _print([verdict.note])
    found = terminal.count(len(verdict.differences), "difference") if verdict.differences else "nothing differs"
    _print([f"{found}: {terminal.count(verdict.n_files, 'file')}, {verdict.seconds:.1f} s"])
    return INCOMPLETE if verdict.differences else FINE


def _manifest(options: argparse.Namespace) -> int:
    from corpus.publishing.manifest import MANIFEST, write_manifest

    if not is_checkout():
        raise CorpusError(f"{MANIFEST} lists the files of a checkout; this is an installed wheel")
    changed = write_manifest(notebooks_path().parent)
    _print([f"{MANIFEST}: {'written anew' if changed else 'as it was'}"])
    return FINE


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
        remedy = ", or name one of its reports with --id" if hasattr(options, "id") else ""
        raise CorpusError(f"{path}: a folder; give one of its files{remedy}")
    if not path.exists():
        ids = ", ".join(report.report_id for report in bundled)
        raise CorpusError(f"{name}: neither a file nor the id of a bundled report; the ids are {ids}")
    loaded = _load(path, options)
    if not loaded and loaded.problems:
        raise CorpusError(str(loaded.problems[0]))
    if len(loaded) != 1 or loaded.problems:
        remedy = (
            "name one with --id, as in corpus check"
            if hasattr(options, "id")
            else "give a file with one, or compare them in Python with corpus.compare_reports"
        )
        raise CorpusError(f"{path}: holds {terminal.count(len(loaded), 'report')}; {remedy}")
    return loaded[0]


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _name_problems(reports: Reports) -> None:
    for problem in reports.problems:
        _complain(f"left out: {problem}")


def _answer(options: argparse.Namespace, answer: dict[str, Any] | list[dict[str, Any]], lines: Iterable[str]) -> None:
    _print([json.dumps(answer, ensure_ascii=False, indent=1)] if options.json else lines)


def _complain(message: str) -> None:
    _print([f"corpus: {terminal.printable(message)}"], sys.stderr)


def _print(lines: Iterable[str], stream: Any = None) -> None:
    for line in lines:
        print(line, file=stream)
