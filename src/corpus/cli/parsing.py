"""The commands, what each takes, and what it says of itself.

Of every command that reads reports PATH is the last argument; ``--in RESULTS`` names what `corpus reproduce` made.
Nothing that a command needs for its work is loaded before it runs.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from corpus import __version__
from corpus.errors import CorpusError
from corpus.publishing.writing.language import LANGUAGES, speak
from corpus.report.values import ROLES, UNITS

_REPORT = "id of a bundled report, or any file"
_LEAST_PASSAGE_CHARS = 12


def _whole_number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


_ARGUMENTS: dict[str, dict[str, Any]] = {
    "path": {
        "nargs": "?",
        "metavar": "PATH",
        "help": "a folder, archive, table or file; the bundled reports if not given",
    },
    "--encoding": {"metavar": "NAME", "help": "encoding of text files, if it is not to be found out"},
    "--columns": {
        "metavar": "OURS=THEIRS,…",
        "help": "columns of a table, as text=body,issuer=series,year_reviewed=date",
    },
    "--join": {"metavar": "COLUMN,…", "help": "rows of a table that agree in these are one report, as issuer,year"},
    "--json": {"action": "store_true", "help": "answer in JSON"},
    "--csv": {"metavar": "FILE", "help": "write the whole table to this file, which Excel opens too"},
    "--labels": {"choices": LANGUAGES, "default": "en", "help": "the language inside figures and of heads of columns"},
    "--lang": {"choices": LANGUAGES, "help": "the language of messages; default: that of the locale"},
    "--unit": {"choices": UNITS[1:], "default": "sentence", "help": "what a passage is"},
    "--in": {
        "dest": "results",
        "metavar": "RESULTS",
        "help": "the folder that corpus reproduce wrote to with --out; that of the workbook if not given",
    },
    "--strict": {"action": "store_true", "help": "exit with 1 where anything is to be checked, too"},
    "report": {"metavar": "REPORT_ID|PATH", "help": _REPORT},
    "--id": {"metavar": "REPORT_ID", "help": "which report of a folder, archive or table"},
    "--raw": {"metavar": "FILE", "help": "write the text that offsets count in to this file, as UTF-8"},
    "a": {"metavar": "A", "help": _REPORT},
    "b": {"metavar": "B", "help": _REPORT},
    "--reference": {
        "metavar": "PATH",
        "help": "a folder or file of reports that say how common a word is (TF-IDF); else the folder both come from",
    },
    "--min-chars": {
        "type": int,
        "default": _LEAST_PASSAGE_CHARS,
        "metavar": "N",
        "help": f"fewest characters of a shared passage; default: {_LEAST_PASSAGE_CHARS}",
    },
    "--html": {"metavar": "FILE", "help": "write both reports side by side to this file, as a page"},
    "--sources": {
        "metavar": "PATH",
        "help": "texts that they may have drawn on: a superior's report, a law, a model",
    },
    "--graph": {"metavar": "FILE", "help": "write who took up how much from whom to this file, as GraphML"},
    "words": {"nargs": "*", "metavar": "TERM [PATH]", "help": "a term, and a folder or file to search"},
    "-e": {"dest": "terms", "action": "append", "metavar": "TERM", "help": "one of several terms"},
    "--role": {"choices": ROLES, "metavar": "ROLE", "help": f"only in parts of this role: {', '.join(ROLES)}"},
    "--sort": {"choices": ["before", "after"], "help": "by the words before or after, not by report and place"},
    "--by": {
        "choices": ["place", "term", "year"],
        "default": "place",
        "help": "each place, or how evenly spread, or when",
    },
    "--regex": {"action": "store_true", "help": "terms are regular expressions; else * stands for any words"},
    "--dictionary": {"metavar": "FILE", "help": "terms to keep whole, one a line or as a table"},
    "--stop-words": {"metavar": "FILE", "help": "stop words in place of ours, one a line or as a table"},
    "--max-gap": {"type": int, "default": 1, "metavar": "YEARS", "help": "most years from a report to the next"},
    "--typos": {"action": "store_true", "help": "name slips of writing too"},
    "files": {"nargs": "+", "metavar": "FILE", "help": "a text file, web page, Word file or PDF"},
    "--into": {"default": "reports", "metavar": "DIR", "help": "made if it is not there; default: ./reports"},
    "packed": {
        "dest": "path",
        "metavar": "PATH",
        "help": "a folder, table or file; again for what is new, changed or gone",
    },
    "archive": {"metavar": "ARCHIVE", "help": "a folder outside of it, made if it is not there"},
    "--out": {"metavar": "DIR", "help": "where what is made is put"},
    "--only": {"default": "", "metavar": "NAME", "help": "beginning of a notebook's name, as 03"},
    "--profile": {"choices": ["print", "screen"], "default": "print", "help": "300 or 144 dots an inch"},
    "--width": {"type": float, "metavar": "MM", "help": "of all figures, as 89 or 183; else each its own"},
    "--jobs": {
        "type": _whole_number,
        "metavar": "N",
        "help": "files or notebooks that are worked on side by side; default: what pays",
    },
    "--timeout": {
        "type": float,
        "default": 300.0,
        "metavar": "SECONDS",
        "help": "most seconds of CPU time of one cell; default: 300",
    },
    "--memory": {"metavar": "SIZE", "help": "with --out: what all processes may take, as 4GB; default: half"},
    "--local": {"type": int, "metavar": "N", "help": "with --out: by Dask, with so many workers started here"},
    "--scheduler": {"metavar": "ADDRESS", "help": "with --out: by the workers of this scheduler of Dask"},
    "--scheduler-file": {"metavar": "FILE", "help": "the same, by the file that the scheduler wrote"},
    "name": {"metavar": "NAME", "help": "a figure, as shared-passages, a table or a cell of it"},
    "--all": {"action": "store_true", "help": "every row and every place"},
    "one": {"dest": "name", "nargs": "?", "metavar": "NAME", "help": "one of them; all if not given"},
    "form": {"choices": ["html"]},
    "--quick": {
        "action": "store_true",
        "help": "run nothing: compare all files with MANIFEST.sha256, and find numbers of the prose that are typed or "
        "wrong",
    },
}

_READING = ("--encoding", "--columns", "--jobs", "--join")


class _Told(NamedTuple):
    """A command: what it does, the module that runs it (``run_NAME``), and its arguments in the order of its help."""

    does: str
    module: str
    arguments: tuple[str, ...]


_COMMANDS: dict[str, _Told] = {
    "check": _Told(
        "what loads, what does not, and why", "questions", ("path", "--strict", "--json", "--lang", *_READING)
    ),
    "show": _Told(
        "one report: facts, layout, headings, changes",
        "questions",
        ("report", "--id", "--raw", "--json", "--lang", *_READING),
    ),
    "compare": _Told(
        "how alike two reports are, and which passages they share",
        "questions",
        ("a", "b", "--reference", "--min-chars", "--html", "--json", "--csv", "--labels", *_READING),
    ),
    "reuse": _Told(
        "which passages reports share, what of them stands in sources, and who was first",
        "reusing",
        (
            *("path", "--sources", "--min-chars", "--out", "--memory", "--local", "--scheduler", "--scheduler-file"),
            *("--graph", "--json", "--csv", "--labels", *_READING),
        ),
    ),
    "find": _Told(
        "every place of some terms, with its context",
        "questions",
        ("words", "-e", "--role", "--sort", "--by", "--regex", "--json", "--csv", "--labels", *_READING),
    ),
    "words": _Told(
        "the words of reports, how often and how evenly spread each is",
        "questions",
        ("path", "--dictionary", "--stop-words", "--json", "--csv", "--labels", *_READING),
    ),
    "lexicon": _Told(
        "words that may be one term, to accept and give back with --dictionary",
        "questions",
        ("path", "--dictionary", "--json", "--csv", "--labels", *_READING),
    ),
    "years": _Told(
        "what became of each passage in an issuer's next report",
        "questions",
        ("path", "--unit", "--max-gap", "--json", "--csv", "--labels", *_READING),
    ),
    "plans": _Told(
        "what an issuer's next report says of each plan and shortcoming",
        "questions",
        ("path", "--max-gap", "--json", "--csv", "--labels", *_READING),
    ),
    "boilerplate": _Told(
        "where each character comes from: everybody, others, itself",
        "questions",
        ("path", "--unit", "--json", "--csv", "--labels", *_READING),
    ),
    "leftovers": _Told(
        "what a report seems to keep from an older or a borrowed text",
        "questions",
        ("path", "--typos", "--json", "--csv", "--labels", *_READING),
    ),
    "add": _Told(
        "copy files into a folder and write their catalogue rows", "making", ("files", "--into", "--encoding", "--lang")
    ),
    "pack": _Told("load reports once, and keep them in an archive", "making", ("packed", "archive", *_READING)),
    "reproduce": _Told(
        "run the notebooks and draw the figures",
        "making",
        ("path", "--out", "--only", "--labels", "--profile", "--width", "--timeout", "--lang", *_READING),
    ),
    "lab": _Told(
        "open JupyterLab on the notebooks, with reports of one's own where PATH is given",
        "making",
        ("path", "--out", "--labels", "--profile", "--width", "--lang", *_READING),
    ),
    "explain": _Told(
        "what stands behind a figure, a table or a number of the notebooks",
        "making",
        ("name", "path", "--in", "--all", "--json", *_READING),
    ),
    "figures": _Told(
        "all figures, or one with its caption, data and how to cite it", "making", ("one", "--in", "--json")
    ),
    "tables": _Told(
        "all tables to cite, or one with its columns, rows and how to cite it", "making", ("one", "--in", "--json")
    ),
    "export": _Told("the notebooks as pages for a browser", "making", ("form", "--in", "--out")),
    "verify": _Told("run the notebooks again and compare with what is there", "making", ("--in", "--quick", "--jobs")),
    "manifest": _Told("write MANIFEST.sha256 anew, after a change to data or code", "making", ()),
}
_USAGE = {"find": "{prog} [OPTIONS] TERM [PATH]\n       {prog} [OPTIONS] -e TERM -e TERM [PATH]"}
_EARLIER = {"reproduce": "--reports", "explain": "--reports", "find": "--in"}
"""The option by which PATH was given before it came last: whoever types it is told."""


class _Command(argparse.ArgumentParser):
    """A command whose arguments may stand before, between and behind its options."""

    _splitting = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """End where more was typed than the command takes."""
        if self._splitting:
            return super().parse_known_args(args, namespace)
        self._splitting = True
        try:
            parsed, beyond = self.parse_known_intermixed_args(args, namespace)
        finally:
            self._splitting = False
        parsed.typed = (*self.prog.split()[1:], *args)
        if self.prog.endswith(" lab") and all(word.startswith("-") for word in beyond):
            if beyond and parsed.path and not Path(parsed.path).exists():
                as_one = f"{beyond[-1]}={parsed.path}"
                self.error(f"{parsed.path}: no such file or folder; an option of JupyterLab is written as {as_one}")
            parsed.beyond = beyond  # options of JupyterLab
            beyond = []
        if beyond:
            told = " ".join(beyond)
            one = "takes one PATH: a folder, an archive or a file" if "path" in parsed else "does not take this"
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
        "comes last; without it the bundled reports are read.",
    )
    parser.add_argument("--version", action="version", version=f"fazhi-workbook {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Command)
    for name, told in _COMMANDS.items():
        described = commands.add_parser(name, help=told.does, description=f"{told.does[0].upper()}{told.does[1:]}.")
        described.set_defaults(run=_run_of(name, told.module))
        if command in (None, name):
            _describe(described, name, told)
    return parser


def _describe(command: _Command, name: str, told: _Told) -> None:
    for argument in told.arguments:
        settings = dict(_ARGUMENTS[argument])
        command.add_argument(settings.pop("dest") if argument in ("one", "packed") else argument, **settings)
    if name in _EARLIER:
        command.add_argument(_EARLIER[name], dest="earlier_path", help=argparse.SUPPRESS)
    if name in _USAGE:
        command.usage = _USAGE[name].format(prog=command.prog)


def _run_of(name: str, module: str) -> Callable[[argparse.Namespace], int]:
    def run(options: argparse.Namespace) -> int:
        speak(options.lang if "lang" in options else "en")
        if getattr(options, "earlier_path", None) is not None:
            usage = "corpus find TERM" if name == "find" else f"corpus {name} …"
            raise CorpusError(f"PATH comes last now, without {_EARLIER[name]}; write: {usage} {options.earlier_path}")
        if "words" in options:
            _settle_terms(options)
        command: Callable[[argparse.Namespace], int] = getattr(import_module(f"corpus.cli.{module}"), f"run_{name}")
        return command(options)

    return run


def _settle_terms(options: argparse.Namespace) -> None:
    """Tell apart which of the words behind ``find`` are terms and which is the path: ``terms`` and ``path``.

    Raises
    ------
    CorpusError
        If they cannot be told apart; the message says what to type.
    """
    words: list[str] = options.words
    options.terms, rest = (options.terms, words) if options.terms else (words[:1], words[1:])
    options.path = rest[0] if rest else None
    if not options.terms:
        raise CorpusError("which term? write: corpus find TERM [PATH], or corpus find -e TERM -e TERM [PATH]")
    if len(rest) > 1:
        raise CorpusError("several terms are given by -e, PATH comes last; write: corpus find -e TERM -e TERM PATH")
    if rest and not _is_path(rest[0]):
        told = "there is no such file or folder; if it is a term too"
        if words[1:] and _is_path(words[0]):
            told = "the term comes first, PATH last; else"
        terms = " ".join(f"-e '{term}'" for term in (*options.terms, *rest))
        raise CorpusError(f"{rest[0]}: {told}, write: corpus find {terms}")
    if words and not rest and _is_path(words[0]) and (Path(words[0]).is_dir() or re.search(r"[./\\]", words[0])):
        raise CorpusError(
            f"{words[0]} is a file or folder; to find a term in it, write: corpus find TERM {words[0]}; to find these"
            f" words themselves: corpus find -e {words[0]}"
        )


def _is_path(word: str) -> bool:
    try:
        return Path(word).exists()
    except (OSError, ValueError):
        return False
