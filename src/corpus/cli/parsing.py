"""The commands, what each takes, and what it says of itself.

Of every command that reads reports PATH is the last argument; ``--in RESULTS`` names what `corpus reproduce` made.
Nothing that a command needs for its work is loaded before it runs.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from corpus import __version__
from corpus.cli.earlier_forms import form_of_today
from corpus.errors import CorpusError
from corpus.report.values import ROLES, UNITS

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction["_Command"]

_OWN_FOLDER = "reports"
_LEAST_PASSAGE_CHARS = 12
_REPORT = "id of a bundled report, or any file"


class _Command(argparse.ArgumentParser):
    """A command whose arguments may stand before, between and behind its options."""

    _splitting = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Keep what was typed as ``typed``, and end where more was typed than the command takes."""
        if self._splitting:
            return super().parse_known_args(args, namespace)
        self._splitting = True
        try:
            parsed, beyond = self.parse_known_intermixed_args(args, namespace)
        finally:
            self._splitting = False
        parsed.typed = (*self.prog.split()[1:], *args)
        if beyond:
            told = " ".join(beyond)
            one = "takes one PATH: a folder, an archive or a file" if "path" in parsed else "does not take this"
            self.error(f"{told}: {self.prog} {one if not told.startswith('-') else 'has no such option'}")
        return parsed, []


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of ``corpus``; the option ``run`` of what it parses is the command's function."""
    parser = argparse.ArgumentParser(
        prog="corpus",
        description="Chinese government reports as evidence.",
        epilog="corpus COMMAND --help tells what a command takes. PATH, a folder, archive, table or file of reports, "
        "comes last; without it the bundled reports are read.",
    )
    parser.add_argument("--version", action="version", version=f"fazhi-workbook {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Command)
    _describe_questions(commands)
    _describe_making(commands)
    _describe_results(commands)
    return parser


def _describe_questions(commands: _Commands) -> None:
    check = _offer(commands, "check", "what loads, what does not, and why")
    _take_path(check)
    check.add_argument("--strict", action="store_true", help="exit with 1 where anything is to be checked, too")
    _take_json(check)
    _take_reading(check)

    show = _offer(commands, "show", "one report: facts, layout, headings, changes")
    show.add_argument("report", metavar="REPORT_ID|PATH", help="id of a bundled report, or any file")
    show.add_argument("--id", metavar="REPORT_ID", help="which report of a folder, archive or table")
    show.add_argument("--raw", metavar="FILE", help="write the text that offsets count in to this file, as UTF-8")
    _take_json(show)
    _take_reading(show)

    compare = _offer(commands, "compare", "how alike two reports are, and which passages they share")
    compare.add_argument("a", metavar="A", help=_REPORT)
    compare.add_argument("b", metavar="B", help=_REPORT)
    compare.add_argument(
        "--reference",
        metavar="PATH",
        help="a folder or file of reports that say how common a word is (TF-IDF); else the folder both come from",
    )
    compare.add_argument(
        "--min-chars",
        type=int,
        default=_LEAST_PASSAGE_CHARS,
        metavar="N",
        help=f"fewest characters of a shared passage; default: {_LEAST_PASSAGE_CHARS}",
    )
    compare.add_argument("--html", metavar="FILE", help="write both reports side by side to this file, as a page")
    _take_json(compare)
    _take_csv(compare, "every shared passage")
    _take_reading(compare)

    reuse = _offer(
        commands,
        "reuse",
        "which passages reports share, what of them stands in sources, and who was first",
        module="reusing",
    )
    _take_path(reuse)
    reuse.add_argument(
        "--sources", metavar="PATH", help="texts that they may have drawn on: a superior's report, a law, a model"
    )
    reuse.add_argument(
        "--min-chars",
        type=int,
        default=_LEAST_PASSAGE_CHARS,
        metavar="N",
        help=f"fewest characters of a shared passage; default: {_LEAST_PASSAGE_CHARS}",
    )
    reuse.add_argument("--graph", metavar="FILE", help="write who took up how much from whom to this file, as GraphML")
    _take_json(reuse)
    _take_csv(reuse, "every shared passage")
    _take_reading(reuse)

    find = _offer(commands, "find", "every place of some terms, with its context")
    find.usage = f"{find.prog} [OPTIONS] TERM [PATH]\n       {find.prog} [OPTIONS] -e TERM -e TERM [PATH]"
    find.add_argument("words", nargs="*", metavar="TERM [PATH]", help="a term, and a folder or file to search")
    find.add_argument("-e", dest="terms", action="append", metavar="TERM", help="one of several terms")
    find.add_argument("--in", dest="earlier_path", help=argparse.SUPPRESS)
    find.add_argument("--role", choices=ROLES, metavar="ROLE", help=f"only in parts of this role: {', '.join(ROLES)}")
    find.add_argument(
        "--sort", choices=["before", "after"], help="by the words before or after, not by report and place"
    )
    _take_json(find)
    _take_csv(find, "every place")
    _take_reading(find)

    years = _offer(commands, "years", "what became of each passage in an issuer's next report")
    _take_path(years)
    _take_unit(years)
    years.add_argument("--max-gap", type=int, default=1, metavar="YEARS", help="most years from a report to the next")
    _take_json(years)
    _take_csv(years, "every passage with its change")
    _take_reading(years)

    plans = _offer(commands, "plans", "what an issuer's next report says of each plan and shortcoming")
    _take_path(plans)
    plans.add_argument("--max-gap", type=int, default=1, metavar="YEARS", help="most years from a report to the next")
    _take_json(plans)
    _take_csv(plans, "every plan with its outcome")
    _take_reading(plans)

    boilerplate = _offer(commands, "boilerplate", "where each character comes from: everybody, others, itself")
    _take_path(boilerplate)
    _take_unit(boilerplate)
    _take_json(boilerplate, "answer in JSON, with every measure of boilerplate")
    _take_csv(boilerplate, "every passage with its origin")
    _take_reading(boilerplate)

    leftovers = _offer(commands, "leftovers", "what a report seems to keep from an older or a borrowed text")
    _take_path(leftovers)
    leftovers.add_argument("--typos", action="store_true", help="name slips of writing too")
    _take_json(leftovers)
    _take_csv(leftovers, "every place")
    _take_reading(leftovers)


def _describe_making(commands: _Commands) -> None:
    add = _offer(commands, "add", "copy files into a folder and write their catalogue rows", module="making")
    add.add_argument("files", nargs="+", metavar="FILE", help="a text file, web page, Word file or PDF")
    add.add_argument(
        "--into",
        default=_OWN_FOLDER,
        metavar="DIR",
        help=f"the folder, made if it is not there; default: ./{_OWN_FOLDER}",
    )
    add.add_argument("--encoding", metavar="NAME", help="encoding of text files, if it is not to be found out")

    pack = _offer(commands, "pack", "load reports once, and keep them in an archive", module="making")
    pack.add_argument("path", metavar="PATH", help="a folder, table or file; again for what is new, changed or gone")
    pack.add_argument("archive", metavar="ARCHIVE", help="a folder outside of it, made if it is not there")
    _take_reading(pack)

    reproduce = _offer(commands, "reproduce", "run the notebooks and draw the figures", module="making")
    _take_path(reproduce)
    _take_earlier_path(reproduce)
    reproduce.add_argument("--out", metavar="DIR", help="where notebooks, figures and tables are put")
    reproduce.add_argument("--only", default="", metavar="NAME", help="beginning of a notebook's name, as 03")
    _take_labels(reproduce, "the language inside figures")
    reproduce.add_argument("--profile", choices=["print", "screen"], default="print", help="300 or 144 dots an inch")
    reproduce.add_argument("--width", type=float, metavar="MM", help="of all figures, as 89 or 183; else each its own")
    _take_reading(reproduce)


def _describe_results(commands: _Commands) -> None:
    explain = _offer(
        commands, "explain", "what stands behind a figure, a table or a number of the notebooks", module="making"
    )
    explain.add_argument("name", metavar="NAME", help="a figure, as shared-passages, a table or a cell of it")
    _take_path(explain, "the reports that they ran on; the bundled ones if not given")
    _take_earlier_path(explain)
    _take_results(explain)
    explain.add_argument("--all", action="store_true", help="every row and every place")
    _take_json(explain)
    _take_reading(explain)

    figures = _offer(
        commands, "figures", "all figures, or one with its caption, data and how to cite it", module="making"
    )
    figures.add_argument("name", nargs="?", metavar="NAME", help="one figure, as shared-passages; all if not given")
    _take_results(figures)
    figures.add_argument("--html", metavar="FILE", help="write a page with them, their data and how to cite them")
    _take_json(figures)

    told = "all tables to cite, or one with its columns, rows and how to cite it"
    tables = _offer(commands, "tables", told, module="making")
    tables.add_argument("name", nargs="?", metavar="NAME", help="one table, as closest; all if not given")
    _take_results(tables)
    _take_json(tables)

    export = _offer(commands, "export", "the notebooks as pages for a browser", module="making")
    export.add_argument("form", choices=["html"])
    _take_results(export)
    export.add_argument("--out", default="fazhi-workbook-html", metavar="DIR", help="default: ./fazhi-workbook-html")

    verify = _offer(commands, "verify", "run the notebooks again and compare with what is there", module="making")
    _take_results(verify)
    quick = "run nothing: compare all files with MANIFEST.sha256, and find numbers of the prose that are typed or wrong"
    verify.add_argument("--quick", action="store_true", help=quick)

    _offer(commands, "manifest", "write MANIFEST.sha256 anew, after a change to data or code", module="making")


def _offer(commands: _Commands, name: str, does: str, *, module: str = "questions") -> _Command:
    """Add a command; what it runs is ``run_NAME`` of that module, which is loaded when it is called."""

    def run(options: argparse.Namespace) -> int:
        meant = form_of_today(options)
        if meant:
            raise CorpusError(meant)
        command: Callable[[argparse.Namespace], int] = getattr(import_module(f"corpus.cli.{module}"), f"run_{name}")
        return command(options)

    command = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
    command.set_defaults(run=run)
    return command


def _take_path(
    command: _Command, what: str = "a folder, archive, table or file; the bundled reports if not given"
) -> None:
    command.add_argument("path", nargs="?", metavar="PATH", help=what)


def _take_earlier_path(command: _Command) -> None:
    command.add_argument("--reports", dest="earlier_path", help=argparse.SUPPRESS)


def _take_results(command: _Command) -> None:
    command.add_argument(
        "--in",
        dest="results",
        metavar="RESULTS",
        help="the folder that corpus reproduce wrote to with --out; that of the workbook if not given",
    )


def _take_unit(command: _Command) -> None:
    command.add_argument("--unit", choices=UNITS[1:], default="sentence", help="what a passage is")


def _take_json(command: _Command, what: str = "answer in JSON") -> None:
    command.add_argument("--json", action="store_true", help=what)


def _take_csv(command: _Command, what: str) -> None:
    command.add_argument("--csv", metavar="FILE", help=f"write {what} to this file, as a table that Excel opens too")
    _take_labels(command, "the language of the heads of columns")


def _take_labels(command: _Command, what: str) -> None:
    languages: Sequence[str] = ("en", "zh")
    command.add_argument("--labels", choices=languages, default="en", help=f"{what}; default: en")


def _take_reading(command: _Command) -> None:
    command.add_argument("--encoding", metavar="NAME", help="encoding of text files, if it is not to be found out")
    command.add_argument(
        "--columns", metavar="OURS=THEIRS,…", help="columns of a table, as text=body,issuer=series,year_reviewed=date"
    )
    command.add_argument(
        "--jobs", type=int, metavar="N", help="how many processes read; default: one a core where that pays"
    )
    command.add_argument(
        "--join", metavar="COLUMN,…", help="rows of a table that agree in these are one report, as issuer,year"
    )
