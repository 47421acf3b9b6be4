"""Do all tables still hold the values they held?

Run it as ``python tests/bench/same_tables.py write FILE [--before]`` in either state of the code, with the library that
is to be asked first on ``PYTHONPATH``, then as ``python tests/bench/same_tables.py compare OLD NEW``.

``same_tables.toml`` beside this file lists the questions: for each the call as it was (``old``), the call as it is
(``new``, where they differ), and what became of its columns. They are asked of these collections: ``five``, the bundled
reports; ``one``, the first of them, which leaves most tables empty; ``cities``, every fifth text of ``cities-2024``, 20
of them; ``national``, the last six of one issuer; ``panel``, simulated reports of three issuers and years. Without the
folder of collections (``--collections DIR``, else ``CORPUS_COLLECTIONS``, else ``../shared/corpora`` beside the
checkout) ``cities`` and ``national`` are skipped, and said to be.

``write`` puts down for each question and collection how many values each column holds and a hash of them, in the order
of the rows: numbers with 12 significant digits whatever their type, days as ISO, strings in quotes, and one word for
all that is missing. The answer of a command is a column for each path of its JSON. ``--values DIR`` writes the values
too, a file a column, for ``diff --recursive``; they hold the words of the reports. ``--only NAME`` asks, or
compares, what begins so.

``compare`` prints every difference. Its exit status is 1 where a value changed, a column is gone that is not listed as
dropped, or a question has no answer; ``write`` ends with 1 where a question fails, or no call names a public function.

``same_tables.json`` holds the hashes of the state that the old calls belong to. Where values change on purpose, it is
written anew and every new call becomes the old one.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import json
import os
import re
import runpy
import shlex
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.column_hashes import LIBRARY, Columns, columns_of, hashed, read_csv

import corpus

ROOT = Path(__file__).resolve().parents[2]
MAP = Path(__file__).with_suffix(".toml")
DROPPED = "dropped"
SKIPPED = "skipped"
FAILED = "no answer"
_NATIONAL = 6

Question = Mapping[str, Any]


class Asking:
    """The questions, asked of one collection; an answer that another question needs is kept.

    Its public methods and what `names` lists are what a call of the map can use.
    """

    def __init__(self, questions: Mapping[str, Question], *, before: bool, path: str, reports: Any, panel: Any) -> None:
        self.questions = questions
        self.before = before
        self.path = path
        self.reports = reports
        self.panel = panel
        self.answers: dict[str, Any] = {}

    def names(self) -> dict[str, Any]:
        """Return what a call can name."""
        own = {name: getattr(self, name) for name in ("reports", "panel", "path", "ask", "command", "where")}
        files = {"figures": read_figures, "table": read_csv, "Path": Path, "library": LIBRARY}
        return own | files | {"corpus": corpus, "pd": pd, "module": importlib.import_module}

    def call_of(self, name: str) -> str:
        """Return the call that asks a question in the state at hand."""
        return call_of(self.questions[name], before=self.before)

    def ask(self, name: str) -> Any:
        """Return the answer to a question."""
        if self.call_of(name) == DROPPED:
            raise LookupError(f"{name} is dropped, so what asks for it needs a new call")
        if name not in self.answers:
            self.answers[name] = eval(f"(\n{self.call_of(name)}\n)", self.names())
        answer = self.answers[name]
        return answer.copy() if isinstance(answer, pd.DataFrame) else answer

    def where(self, report: Any) -> str:
        """Return how a command names one report of the collection."""
        return f"{self.path}/{report.source.file}" if self.path else report.report_id

    def command(self, line: str) -> Any:
        """Run a command of the workbook and return its JSON, or the table that it writes to ``{csv}``.

        ``{path}`` stands for the collection, and for nothing where that is the bundled one.
        """
        file = Path(tempfile.mkdtemp(dir=".")) / "table.csv"
        arguments = shlex.split(line.format(path=shlex.quote(self.path) if self.path else "", csv=file))
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        status: Any = 0
        asked = mock.patch.object(sys, "argv", ["corpus", *arguments])
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), asked:
            try:
                runpy.run_module("corpus", run_name="__main__")
            except SystemExit as end:
                status = end.code
        said, complaint = (_read_stream(stream) for stream in (out, err))
        if status not in (0, 1, None):
            raise RuntimeError(f"corpus {shlex.join(arguments)}: {complaint.strip()}")
        return read_csv(file) if "{csv}" in line else json.loads(said)


def _read_stream(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def call_of(question: Question, *, before: bool) -> str:
    """Return the call of a question, old or new."""
    return str(question["old"] if before else question.get("new", question["old"]))


def read_figures() -> dict[str, pd.DataFrame]:
    """Return the data of every figure that is committed beside the library."""
    tables = sorted((LIBRARY / "notebooks" / "figures").glob("*/data.csv"))
    return {file.parent.name: read_csv(file) for file in tables}


def lay_collections(shelf: Path | None, folder: Path, panel: Any) -> dict[str, str]:
    """Put the collections into a folder; return the path of each in it, none for the bundled one."""
    panel.texts.to_csv(folder / "panel.csv", index=False)
    laid = {"five": "", "one": "", "panel": "panel.csv"}
    if shelf is None:
        return laid
    texts = sorted((shelf / "cities-2024" / "txt").glob("*.txt"), key=lambda file: file.name)
    (folder / "cities").mkdir()
    for file in texts[::5][:20]:
        shutil.copyfile(file, folder / "cities" / file.name)
    lines = (shelf / "national-1954-2022" / "reports.tsv").read_bytes().splitlines(keepends=True)
    latest = sorted(lines, key=lambda line: line[:4])[-_NATIONAL:]
    (folder / "national.tsv").write_bytes(b"".join(latest))
    return laid | {"cities": "cities", "national": "national.tsv"}


def ask_all(
    questions: Mapping[str, Question], shelf: Path | None, *, before: bool, only: str
) -> Iterator[tuple[str, Columns | str]]:
    """Yield each question and collection with the columns of its answer, or why there are none."""
    simulate = call_of(questions["simulate_panel"], before=before)
    panel = eval(simulate, {"corpus": corpus})
    wanted = {name: question for name, question in questions.items() if name.startswith(only)}
    for collection, path in lay_collections(shelf, Path.cwd(), panel).items():
        reports = corpus.load_reports(path or None)[: 1 if collection == "one" else None]
        asking = Asking(questions, before=before, path=path, reports=reports, panel=panel)
        for name, question in wanted.items():
            if collection in question["on"] and asking.call_of(name) != DROPPED:
                began = time.process_time()
                try:
                    columns = columns_of(asking.ask(name))
                    aside = question.get("aside", [])
                    kept = {name: values for name, values in columns.items() if not _is_under(name, aside)}
                    yield f"{name} on {collection}", kept
                except Exception as error:
                    yield f"{name} on {collection}", f"{FAILED}: {type(error).__name__}: {error}"
                print(f"{time.process_time() - began:6.1f} s  {name} on {collection}", file=sys.stderr)


def _is_under(column: str, names: Iterable[str]) -> bool:
    return any(column == name or column.startswith((f"{name}.", f"{name}[")) for name in names)


def write(file: Path, *, shelf: Path | None, before: bool, only: str = "", values: Path | None = None) -> list[str]:
    """Write the hashes of a state; return what is wrong."""
    questions = read_map()
    file, values = file.resolve(), values and values.resolve()
    answers: dict[str, Any] = {}
    wrong = []
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name, columns in ask_all(questions, shelf, before=before, only=only):
            if isinstance(columns, str):
                answers[name] = columns
                wrong.append(f"{name}: {columns}")
                continue
            answers[name] = {column: hashed(found) for column, found in columns.items()}
            if values is not None:
                _write_values(values / name, columns)
    if shelf is None:
        kept_out = ("cities", "national")
        for name, question in questions.items():
            answers |= {f"{name} on {collection}": SKIPPED for collection in question["on"] if collection in kept_out}
    text = json.dumps(dict(sorted(answers.items())), ensure_ascii=False, indent=0)
    file.write_text(f"{text}\n", encoding="utf-8")
    calls = "\n".join(call_of(question, before=before) for question in questions.values())
    return wrong + ([] if only else [f"{name}: public, and no call names it" for name in unasked(calls)])


def _write_values(folder: Path, columns: Columns) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, found in columns.items():
        lines = "".join(f"{value}\n" for value in found)
        (folder / f"{name.replace('/', '_')}.txt").write_text(lines, encoding="utf-8", errors="surrogatepass")


def unasked(calls: str) -> list[str]:
    """Return the public functions that no call names; of a public namespace, its own public functions.

    Those of ``corpus.figures`` are asked together, by the data that they saved.
    """
    names = (name for name in _public(corpus, "") if not (name.startswith("figures.") and "figures()" in calls))
    return [name for name in names if not re.search(rf"corpus\.{re.escape(name)}\b", calls)]


def _public(home: Any, prefix: str) -> Iterator[str]:
    for name in getattr(home, "__all__", ()):
        value = getattr(home, name)
        if isinstance(value, type(corpus)):
            yield from _public(value, f"{prefix}{name}.")
        elif callable(value) and not (isinstance(value, type) and issubclass(value, Exception)):
            yield f"{prefix}{name}"


def compare(old: Mapping[str, Any], new: Mapping[str, Any], questions: Mapping[str, Question]) -> Iterator[str]:
    """Yield every difference that the map does not list."""
    for name, columns in old.items():
        question = questions.get(name.rsplit(" on ", 1)[0])
        answer = new.get(name, FAILED)
        if question is None:
            yield f"{name}: the map does not have this question"
        elif SKIPPED in (columns, answer) or question.get("new") == DROPPED:
            continue
        elif isinstance(columns, str) or isinstance(answer, str):
            yield f"{name}: {columns if isinstance(columns, str) else answer}"
        else:
            for column, values in columns.items():
                became = _renamed(column, question.get("columns", {}))
                if became == DROPPED:
                    continue
                if became not in answer:
                    yield f"{name}: {column}: gone" + (f", and no {became}" if became != column else "")
                elif answer[became] != values:
                    yield f"{name}: {_told(column, became)}: {values} is now {answer[became]}"


def _told(column: str, became: str) -> str:
    return column if column == became else f"{column} ({became})"


def _renamed(column: str, names: Mapping[str, str]) -> str:
    """Return what became of a column; the longest name of the map that is it or leads to it decides."""
    for name in sorted(filter(lambda name: _is_under(column, [name]), names), key=len, reverse=True):
        return DROPPED if names[name] == DROPPED else names[name] + column[len(name) :]
    return column


def tell_listed(old: Mapping[str, Any], new: Mapping[str, Any], questions: Mapping[str, Question]) -> Iterator[str]:
    """Yield what the map lists as dropped, what was skipped, and what is there now and was not."""
    for name, columns in old.items():
        question = questions.get(name.rsplit(" on ", 1)[0], {})
        if SKIPPED in (columns, new.get(name)):
            yield f"{name}: skipped, since the folder of collections was not there"
        elif question.get("new") == DROPPED:
            yield f"{name}: dropped"
        elif isinstance(columns, dict) and isinstance(new.get(name), dict):
            became = {column: _renamed(column, question.get("columns", {})) for column in columns}
            if dropped := [column for column, now in became.items() if now == DROPPED]:
                yield f"{name}: dropped: {', '.join(dropped)}"
            if more := [column for column in new[name] if column not in became.values()]:
                yield f"{name}: more: {', '.join(more)}"
    yield from (f"{name}: a question that was not asked before" for name in new if name not in old)


def _read_hashes(file: Path, only: str) -> dict[str, Any]:
    hashes = json.loads(file.read_text(encoding="utf-8"))
    return {name: columns for name, columns in hashes.items() if name.startswith(only)}


def read_map() -> dict[str, Question]:
    """Return the questions by name."""
    return tomllib.loads(MAP.read_text(encoding="utf-8"))


def find_shelf(given: str | None) -> Path | None:
    """Return the folder of collections, or None where there is none."""
    shelf = Path(given or os.environ.get("CORPUS_COLLECTIONS") or ROOT.parent / "shared" / "corpora").resolve()
    if (shelf / "cities-2024").is_dir():
        return shelf
    print("the folder of collections is not there: the bundled and simulated reports alone are asked", file=sys.stderr)
    return None


def main() -> int:
    """Write or compare; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    writing = commands.add_parser("write")
    writing.add_argument("file", type=Path)
    writing.add_argument("--before", action="store_true", help="ask by the old calls of the map")
    writing.add_argument("--collections", metavar="DIR")
    writing.add_argument("--only", default="", metavar="NAME")
    writing.add_argument("--values", type=Path, metavar="DIR")
    comparing = commands.add_parser("compare")
    comparing.add_argument("old", type=Path)
    comparing.add_argument("new", type=Path)
    comparing.add_argument("--only", default="", metavar="NAME")
    options = parser.parse_args()
    if options.command == "write":
        shelf = find_shelf(options.collections)
        wrong = write(options.file, shelf=shelf, before=options.before, only=options.only, values=options.values)
        print(f"{options.file}: asked {LIBRARY}, {time.process_time():.0f} CPU seconds")
    else:
        old, new = (_read_hashes(file, options.only) for file in (options.old, options.new))
        questions = read_map()
        for line in tell_listed(old, new, questions):
            print(f"listed: {line}")
        wrong = list(compare(old, new, questions))
        n_columns = sum(len(columns) for columns in old.values() if isinstance(columns, dict))
        print(f"{len(old)} answers, {n_columns} columns: {len(wrong)} differences")
    for line in wrong:
        print(f"WRONG: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
