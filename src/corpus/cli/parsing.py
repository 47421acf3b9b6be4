"""The commands, what each takes, and what it says of itself.

Of every command that reads reports PATH is the last argument; ``--in RESULTS`` names what `corpus reproduce` made.
Nothing that a command needs for its work is loaded before it runs.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

from corpus import __version__
from corpus.errors import CorpusError
from corpus.publishing.writing.screen import LANGUAGES, speak

_REPORT = "id of a report of PATH or of a bundled one, or any file"


def _whole_number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


def _takes(metavar: str, says: str, **settings: Any) -> dict[str, Any]:
    return {"metavar": metavar, "help": says, **settings}


def _one_of(choices: Sequence[str], says: str, **settings: Any) -> dict[str, Any]:
    return {"choices": choices, "help": says, **settings}


def _flag(says: str) -> dict[str, Any]:
    return {"action": "store_true", "help": says}


def _arguments() -> dict[str, dict[str, Any]]:
    """Return what each argument takes and says of itself."""
    from corpus.report.values import ROLES, UNITS

    results = "the folder that corpus reproduce wrote to with --out; that of the workbook if not given"
    weighing = "a folder or file of reports that say how common a word is (TF-IDF); else the folder both come from"
    least = "fewest characters of a shared passage; default: 12"
    jobs = "files or notebooks that are worked on side by side; default: what pays"
    quick = "run nothing: compare all files with MANIFEST.sha256, and numbers of the prose with their tables"
    spread = "each place, or how evenly spread, or when"
    return {
        "path": _takes("PATH", "a folder, archive, table or file; the bundled reports if not given", nargs="?"),
        "--encoding": _takes("NAME", "encoding of text files, if it is not to be found out"),
        "--columns": _takes("OURS=THEIRS,…", "columns of a table, as text=body,issuer=series,year_reviewed=date"),
        "--join": _takes("COLUMN,…", "rows of a table that agree in these are one report, as issuer,year"),
        "--json": _flag("answer in JSON"),
        "--csv": _takes("FILE", "write the whole table to this file, which Excel opens too"),
        "--labels": _one_of(LANGUAGES, "the language inside figures and of heads of columns", default="en"),
        "--lang": _one_of(LANGUAGES, "the language of messages; default: that of the locale"),
        "--unit": _one_of(UNITS[1:], "what a passage is", default="sentence"),
        "--in": _takes("RESULTS", results, dest="results"),
        "--strict": _flag("exit with 1 where anything is to be checked, too"),
        "report": _takes("REPORT_ID|PATH", _REPORT),
        "held": _takes("PATH", "the folder, archive or table whose reports are named by id", nargs="?", dest="path"),
        "--raw": _takes("FILE", "write the text that offsets count in to this file, as UTF-8"),
        "a": _takes("A", _REPORT),
        "b": _takes("B", _REPORT),
        "--reference": _takes("PATH", weighing),
        "--min-chars": _takes("N", least, type=int, default=12),
        "--html": _takes("FILE", "write both reports side by side to this file, as a page"),
        "--sources": _takes("PATH", "texts that they may have drawn on: a superior's report, a law, a model"),
        "--background": _takes("PATH", "other reports, which are not compared: what these have too is common"),
        "--graph": _takes("FILE", "write who took up how much from whom to this file, as GraphML"),
        "words": _takes("TERM [PATH]", "a term, and a folder or file to search", nargs="*"),
        "-e": _takes("TERM", "one of several terms", dest="terms", action="append"),
        "--role": _takes("ROLE", f"only in parts of this role: {', '.join(ROLES)}", choices=ROLES),
        "--sort": _one_of(["before", "after"], "by the words before or after, not by report and place"),
        "--by": _one_of(["place", "term", "year"], spread, default="place"),
        "--regex": _flag("terms are regular expressions; else * stands for any words"),
        "--dictionary": _takes("FILE", "terms to keep whole, one a line or as a table"),
        "--stop-words": _takes("FILE", "stop words in place of ours, one a line or as a table"),
        "--max-gap": _takes("YEARS", "most years from a report to the next", type=int, default=1),
        "--typos": _flag("name slips of writing too"),
        "files": _takes("FILE", "a text file, web page, Word file or PDF", nargs="+"),
        "--into": _takes("DIR", "made if it is not there; default: ./reports", default="reports"),
        "packed": _takes("PATH", "a folder, table or file; again for what is new, changed or gone", dest="path"),
        "archive": _takes("ARCHIVE", "a folder outside of it, made if it is not there"),
        "--out": _takes("DIR", "default: the folder of the notebooks, or one called after the reports and the look"),
        "--out=rows": _takes("DIR", "of an archive: write the rows that its reports share here, in parts, as Parquet"),
        "--out=pages": _takes("DIR", "default: ./fazhi-workbook-html"),
        "--only": _takes("NAME", "beginning of a notebook's name, as 03", default=""),
        "--profile": _one_of(["print", "screen"], "300 or 144 dots an inch", default="print"),
        "--width": _takes("MM", "of all figures, as 89 or 183; else each its own", type=float),
        "--jobs": _takes("N", jobs, type=_whole_number),
        "--timeout": _takes(
            "SECONDS", "most seconds of CPU time of one cell; default: 300", type=_whole_number, default=300
        ),
        "--memory": _takes("SIZE", "with --out: what all processes may take, as 4GB; default: half"),
        "--local": _takes("N", "with --out: by Dask, with so many workers started here", type=int),
        "--scheduler": _takes("ADDRESS", "with --out: by the workers of this scheduler of Dask"),
        "--scheduler-file": _takes("FILE", "the same, by the file that the scheduler wrote"),
        "name": _takes("NAME", "a figure, as shared-passages, a table or a cell of it"),
        "--all": _flag("every row and every place"),
        "form": {"choices": ["html"]},
        "--quick": _flag(quick),
    }


_READING = "--encoding --columns --jobs --join"
_TABLE = f"--json --csv --labels {_READING}"
_IN_PARTS = "--out=rows --memory --local --scheduler --scheduler-file"
_LOOK = "--labels --profile --width"
_COMMANDS: dict[str, tuple[str, str]] = {
    "check": ("what loads, what does not, and why", f"path --strict --json --lang {_READING}"),
    "show": ("one report: facts, layout, headings, changes", f"report held --raw --json --lang {_READING}"),
    "compare": (
        "how alike two reports are, and which passages they share",
        f"a b held --reference --min-chars --html {_TABLE}",
    ),
    "reuse": (
        "which passages reports share, what of them stands in sources, and who was first",
        f"path --sources --background --min-chars {_IN_PARTS} --graph {_TABLE}",
    ),
    "find": ("every place of some terms, with its context", f"words -e --role --sort --by --regex {_TABLE}"),
    "words": (
        "the words of reports, how often and how evenly spread each is",
        f"path --dictionary --stop-words {_TABLE}",
    ),
    "lexicon": ("words that may be one term, to accept and give back with --dictionary", f"path --dictionary {_TABLE}"),
    "years": ("what became of each passage in an issuer's next report", f"path --unit --max-gap {_TABLE}"),
    "plans": ("what an issuer's next report says of each plan and shortcoming", f"path --max-gap {_TABLE}"),
    "panel": ("all measures, one row an issuer and year, as a regression takes them", f"path {_TABLE}"),
    "boilerplate": ("where each character comes from: everybody, others, itself", f"path --unit {_TABLE}"),
    "leftovers": ("what a report seems to keep from an older or a borrowed text", f"path --typos {_TABLE}"),
    "add": ("copy files into a folder and write their catalogue rows", "files --into --encoding --lang"),
    "pack": ("load reports once, and keep them in an archive", f"packed archive {_READING}"),
    "reproduce": ("run the notebooks and draw the figures", f"path --out --only {_LOOK} --timeout --lang {_READING}"),
    "lab": (
        "open JupyterLab on the notebooks, with reports of one's own where PATH is given; it gets all other options",
        f"path --out {_LOOK} --lang {_READING}",
    ),
    "explain": (
        "what stands behind a figure, a table or a number of the notebooks, and how it is cited",
        f"name path --in --all --json {_READING}",
    ),
    "figures": ("all figures with what each shows; corpus explain NAME tells of one", "--in --json"),
    "tables": ("all tables to cite with what each holds; corpus explain NAME tells of one", "--in --json"),
    "export": ("the notebooks as pages for a browser", "form --in --out=pages"),
    "verify": ("run the notebooks again and compare with what is there", "--in --quick --jobs"),
    "manifest": ("write MANIFEST.sha256 anew, after a change to data or code", ""),
}
"""What each command does, and its arguments in the order of its help; ``run_NAME`` in one of `_ROOMS` runs it."""
_ROOMS = {
    "checking": "check",
    "show_and_compare": "show compare",
    "reusing": "reuse",
    "questions": "find words lexicon years plans panel boilerplate leftovers",
    "adding": "add",
    "making": "pack reproduce lab export verify manifest explain figures tables",
}
_EARLIER = {"reproduce": "--reports", "explain": "--reports", "find": "--in", "show": "--id"}
"""The option by which PATH, or a report of it, was given before PATH came last: whoever types it is told."""


class _Command(argparse.ArgumentParser):
    """A command whose arguments may stand before, between and behind its options."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """End where more was typed than the command takes; what else is typed behind lab is for JupyterLab."""
        if namespace is not None:  # the parts of what was typed, which the next line asks for
            return super().parse_known_args(args, namespace)
        parsed, beyond = self.parse_known_intermixed_args(args, argparse.Namespace())
        parsed.typed, parsed.beyond = (*self.prog.split()[1:], *args), beyond
        if self.prog.endswith(" lab") and all(word.startswith("-") for word in beyond):
            option = next((word for word, behind in pairwise(args) if behind == parsed.path and word in beyond), None)
            if option and not Path(parsed.path).exists():
                as_one = f"{option}={parsed.path}"
                self.error(f"{parsed.path}: no such file or folder; an option of JupyterLab is written as {as_one}")
        elif beyond:
            told = " ".join(beyond)
            takes_path = "takes one PATH: a folder, an archive or a file; put what belongs together into one folder"
            one = takes_path if "path" in parsed else "does not take this"
            if self.prog.endswith((" figures", " tables")):
                one = f"tells of all; write: corpus explain {told}"
            self.error(f"{told}: {self.prog} {one if not told.startswith('-') else 'has no such option'}")
        return parsed, []


def build_parser(command: str | None = None) -> argparse.ArgumentParser:
    """Return the parser of ``corpus``; the option ``run`` of what it parses is the command's function.

    Where a command is named, the arguments of that one alone are described.
    """
    parser = argparse.ArgumentParser(
        prog="corpus",
        description="Chinese government reports as evidence.",
        epilog="corpus COMMAND --help tells what a command takes. PATH, a folder, archive, table or file of reports, "
        "stands behind what else is asked, options anywhere; without it the bundled reports are read.",
    )
    parser.add_argument("--version", action="version", version=f"fazhi-workbook {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Command)
    for name, (does, arguments) in _COMMANDS.items():
        described = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
        described.set_defaults(run=partial(_run, name))
        if command in (None, name):
            _describe(described, name, arguments.split())
    return parser


def _describe(command: _Command, name: str, arguments: list[str]) -> None:
    known = _arguments()
    for argument in arguments:
        settings = known[argument]
        name_of = settings.pop("dest") if argument in ("packed", "held") else argument.partition("=")[0]
        command.add_argument(name_of, **settings)
    if name in _EARLIER:
        command.add_argument(_EARLIER[name], dest="earlier_path", help=argparse.SUPPRESS)
    if name == "find":
        command.usage = "corpus find [OPTIONS] TERM [PATH]\n       corpus find [OPTIONS] -e TERM -e TERM [PATH]"


def _run(name: str, options: argparse.Namespace) -> int:
    speak(options.lang if "lang" in options else "en")
    if getattr(options, "earlier_path", None) is not None:
        usage = f"corpus {'find TERM' if name == 'find' else f'{name} …'} {options.earlier_path}"
        usage = f"corpus show {options.earlier_path} {options.report}" if name == "show" else usage
        raise CorpusError(f"PATH comes last now, without {_EARLIER[name]}; write: {usage}")
    if name == "find":
        _settle_terms(options)
    room = next(room for room, names in _ROOMS.items() if name in names.split())
    status: int = getattr(import_module(f"corpus.cli.{room}"), f"run_{name}")(options)
    return status


def _settle_terms(options: argparse.Namespace) -> None:
    """Tell apart which of the words behind ``find`` are terms and which is the path: ``terms`` and ``path``.

    Raises
    ------
    CorpusError
        If they cannot be told apart; the message says what to type.
    """
    words: list[str] = options.words
    terms, rest = (options.terms, words) if options.terms else (words[:1], words[1:])
    options.terms, options.path = terms, rest[0] if rest else None
    if not terms:
        raise CorpusError("which term? write: corpus find TERM [PATH], or corpus find -e TERM -e TERM [PATH]")
    if len(rest) > 1:
        raise CorpusError("several terms are given by -e, PATH comes last; write: corpus find -e TERM -e TERM PATH")
    if rest and not _is_path(rest[0]):
        named = " ".join(f"-e '{term}'" for term in (*terms, *rest))
        told = "there is no such file or folder, and PATH comes last; if it is a term too, write"
        raise CorpusError(f"{rest[0]}: {told}: corpus find {named}")
    if words and not rest and _is_path(words[0]) and (Path(words[0]).is_dir() or not words[0].isalpha()):
        told = (
            f"to find a term in it, write: corpus find TERM {words[0]}; to find these words: corpus find -e {words[0]}"
        )
        raise CorpusError(f"{words[0]} is a file or folder; {told}")


def _is_path(word: str) -> bool:
    try:
        return word != "" and Path(word).exists()
    except (OSError, ValueError):
        return False
