"""The commands, what each takes, and what it says of itself."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from corpus import __version__
from corpus.cli import making, questions
from corpus.report.values import UNITS

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_OWN_FOLDER = "reports"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of ``corpus``; the option ``run`` of what it parses is the command's function."""
    parser = argparse.ArgumentParser(prog="corpus", description="Chinese government reports as evidence.")
    parser.add_argument("--version", action="version", version=f"fazhi-workbook {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _describe_questions(commands)
    _describe_making(commands)
    return parser


def _describe_questions(commands: _Commands) -> None:
    check = commands.add_parser("check", help="what loads, what does not, and why")
    _take_path(check)
    check.add_argument("--strict", action="store_true", help="exit with 1 where anything is to be checked, too")
    _take_json(check)
    _take_reading(check)
    check.set_defaults(run=questions.run_check)

    show = commands.add_parser("show", help="one report: facts, layout, headings, changes")
    show.add_argument("report", metavar="REPORT_ID|FILE", help="id of a bundled report, or any file")
    show.add_argument("--id", metavar="REPORT_ID", help="which report of a folder, archive or table")
    show.add_argument("--raw", metavar="FILE", help="write the text that offsets count in to this file, as UTF-8")
    _take_json(show)
    _take_reading(show)
    show.set_defaults(run=questions.run_show)

    compare = commands.add_parser("compare", help="how alike two reports are, and which passages they share")
    compare.add_argument("a", metavar="A", help="id of a bundled report, or any file")
    compare.add_argument("b", metavar="B", help="id of a bundled report, or any file")
    compare.add_argument(
        "--reference",
        metavar="PATH",
        help="a folder or file of reports that say how common a word is (TF-IDF); the bundled reports if not given",
    )
    _take_json(compare)
    compare.add_argument("--html", metavar="FILE", help="write both reports side by side to this file, as a page")
    _take_reading(compare)
    compare.set_defaults(run=questions.run_compare)

    find = commands.add_parser("find", help="every place of some terms, with its context")
    find.add_argument("terms", nargs="+", metavar="TERM", help="the last one may be the path of a folder or file")
    find.add_argument("--in", dest="path", metavar="PATH", help="a folder or file; the bundled reports if not given")
    _take_reading(find)
    find.set_defaults(run=questions.run_find)

    years = commands.add_parser("years", help="what became of each passage in an issuer's next report")
    _take_path(years)
    _take_unit(years)
    years.add_argument("--max-gap", type=int, default=1, metavar="YEARS", help="most years from a report to the next")
    _take_json(years)
    years.add_argument("--csv", metavar="FILE", help="write every passage with its change to this file")
    _take_reading(years)
    years.set_defaults(run=questions.run_years)

    boilerplate = commands.add_parser("boilerplate", help="where each character comes from: everybody, others, itself")
    _take_path(boilerplate)
    _take_unit(boilerplate)
    boilerplate.add_argument("--json", action="store_true", help="answer in JSON, with every measure of boilerplate")
    boilerplate.add_argument("--csv", metavar="FILE", help="write every passage with its origin to this file")
    _take_reading(boilerplate)
    boilerplate.set_defaults(run=questions.run_boilerplate)

    leftovers = commands.add_parser("leftovers", help="what a report seems to keep from an older or a borrowed text")
    _take_path(leftovers)
    leftovers.add_argument("--typos", action="store_true", help="name slips of writing too")
    _take_json(leftovers)
    _take_reading(leftovers)
    leftovers.set_defaults(run=questions.run_leftovers)


def _describe_making(commands: _Commands) -> None:
    add = commands.add_parser("add", help="copy files into a folder and write their catalogue rows")
    add.add_argument("files", nargs="+", metavar="FILE", help="a text file, web page, Word file or PDF")
    add.add_argument(
        "--into",
        default=_OWN_FOLDER,
        metavar="DIR",
        help=f"the folder, made if it is not there; default: ./{_OWN_FOLDER}",
    )
    add.add_argument("--encoding", metavar="NAME", help="encoding of text files, if it is not to be found out")
    add.set_defaults(run=making.run_add)

    reproduce = commands.add_parser("reproduce", help="run the notebooks and draw the figures")
    reproduce.add_argument("--reports", metavar="PATH", help="a folder or file of reports of one's own")
    reproduce.add_argument("--out", metavar="DIR", help="where notebooks, figures and claims are put")
    reproduce.add_argument("--only", default="", metavar="NAME", help="beginning of a notebook's name, as 03")
    reproduce.add_argument("--labels", choices=["en", "zh"], default="en", help="the language inside figures")
    reproduce.add_argument("--profile", choices=["print", "screen"], default="print", help="300 or 144 dots an inch")
    reproduce.add_argument("--width", type=float, metavar="MM", help="of all figures, as 89 or 183; else each its own")
    _take_reading(reproduce)
    reproduce.set_defaults(run=making.run_reproduce)

    explain = commands.add_parser("explain", help="what stands behind a figure or a number of the notebooks")
    explain.add_argument("name", metavar="NAME", help="a figure, as shared-passages, or a claim, as yiyuan.longest")
    explain.add_argument("--in", dest="folder", metavar="DIR", help="where notebooks, figures and claims are")
    explain.add_argument(
        "--reports", metavar="PATH", help="the reports that they ran on; the bundled ones if not given"
    )
    explain.add_argument("--all", action="store_true", help="every row and every place")
    _take_json(explain)
    _take_reading(explain)
    explain.set_defaults(run=making.run_explain)

    figures = commands.add_parser("figures", help="all figures, or one with its caption, data and how to cite it")
    figures.add_argument("name", nargs="?", metavar="NAME", help="one figure, as shared-passages; all if not given")
    figures.add_argument("--in", dest="folder", metavar="DIR", help="where notebooks and figures are")
    figures.add_argument("--html", metavar="FILE", help="write a page with them, their data and how to cite them")
    _take_json(figures)
    figures.set_defaults(run=making.run_figures)

    export = commands.add_parser("export", help="the notebooks as pages for a browser")
    export.add_argument("form", choices=["html"])
    export.add_argument("--in", dest="folder", metavar="DIR", help="where notebooks and figures are")
    export.add_argument("--out", default="fazhi-workbook-html", metavar="DIR", help="default: ./fazhi-workbook-html")
    export.set_defaults(run=making.run_export)

    verify = commands.add_parser("verify", help="run the notebooks again and compare with what is committed")
    quick = "run nothing: compare all files with MANIFEST.sha256, and find numbers that are typed by hand"
    verify.add_argument("--quick", action="store_true", help=quick)
    verify.set_defaults(run=making.run_verify)

    manifest = commands.add_parser("manifest", help="write MANIFEST.sha256 anew, after a change to data or code")
    manifest.set_defaults(run=making.run_manifest)


def _take_path(command: argparse.ArgumentParser) -> None:
    command.add_argument("path", nargs="?", metavar="PATH", help="a folder or file; the bundled reports if not given")


def _take_unit(command: argparse.ArgumentParser) -> None:
    command.add_argument("--unit", choices=UNITS[1:], default="sentence", help="what a passage is")


def _take_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="answer in JSON")


def _take_reading(command: argparse.ArgumentParser) -> None:
    command.add_argument("--encoding", metavar="NAME", help="encoding of text files, if it is not to be found out")
    command.add_argument(
        "--columns", metavar="OURS=THEIRS,…", help="columns of a table, as text=body,issuer=series,year_reviewed=date"
    )
    command.add_argument(
        "--join", metavar="COLUMN,…", help="rows of a table that agree in these are one report, as issuer,year"
    )
