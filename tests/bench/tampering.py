"""Does ``corpus verify`` see every changed byte, and never see one that was not changed?

Run it as ``python tests/bench/tampering.py [CHANGES] [--seed SEED] [--clean RUNS] [--rebuild]``.

1. ``corpus verify --quick`` runs RUNS times (100) on a sound copy of the project: it must find nothing.
2. One byte of one file of the copy is changed, put in or taken out, CHANGES times (1,000), by turns over the kinds of
   file that results rest on or that are results: the quick check must fail and name the file. So must ``sha256sum -c
   --strict``, where it is installed, except for what it reads in the list itself more kindly than we do.
3. With ``--rebuild`` one byte of a file of each kind is changed, and MANIFEST.sha256 written anew, as a careless editor
   does; then everything is rebuilt (``corpus verify``). What is a result, or what a result depends on, must be named.

The exit status is 1 where one of these is missed.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path
from time import monotonic
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.checkout import copy_checkout, corpus_command, environment_of
from bench.machine import print_machine

from corpus.analysis.words.segmentation import check_dictionary
from corpus.errors import CorpusError
from corpus.publishing.series.verify import verify_quickly
from corpus.publishing.writing.whole_files import MANIFEST, write_manifest

DICTIONARY = "jieba/dict.txt"
_INSTALLED = "installed"
KINDS: Mapping[str, tuple[str, ...]] = {
    "report": ("data/raw/*",),
    "catalogue": ("data/catalogue.csv", "data/corrections.csv"),
    "lexicon": ("data/lexicons/*.csv", "data/places/*.csv"),
    "label": ("data/labels/*", "data/validation/*"),
    "font": ("data/fonts/*.ttf",),
    "dictionary": (f"{_INSTALLED}/{DICTIONARY}",),
    "table": ("notebooks/figures/*/data.csv", "notebooks/tables/*/*.csv"),
    "picture": ("notebooks/figures/*/*.png", "notebooks/figures/*/*.svg", "notebooks/figures/*/*.pdf"),
    "caption": ("notebooks/figures/*/alt.txt", *(f"notebooks/*/*/{file}" for file in ("caption.md", "cite.bib"))),
    "provenance": ("notebooks/*/*/provenance.json",),
    "notebook": ("notebooks/*.ipynb",),
    "code": ("src/corpus/**/*.py",),
    "setting up": ("requirements.txt", "pyproject.toml", "workbook.py", "environment.yml"),
    "citation": ("CITATION.cff", "README.md"),
    "manifest": (MANIFEST,),
}
# What `corpus verify` makes again, or makes it again from: a change in one of these files has to come out by its name
# whatever the manifest says. Of code and labels only what they do to the results can.
REBUILT = (
    *("report", "catalogue", "lexicon", "font", "dictionary"),
    *("table", "picture", "caption", "provenance", "notebook"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One byte of one file, and what was done to it."""

    kind: str
    file: str
    place: int
    deed: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind}: {self.file}, byte {self.place} {self.deed}"


def files_of(root: Path, kind: str) -> list[str]:
    """Return the files of a kind in a copy of the project, by path."""
    found = (path for pattern in KINDS[kind] for path in root.glob(pattern) if path.is_file() and path.stat().st_size)
    return sorted(path.relative_to(root).as_posix() for path in found)


def alter(content: bytes, chance: random.Random) -> tuple[bytes, int, str]:
    """Return content with one byte changed, put in or taken out, with the place and the deed."""
    deed = chance.choice(("changed", "changed", "changed", "changed", "put in", "taken out"))
    place = chance.randrange(len(content))
    if deed == "taken out":
        return content[:place] + content[place + 1 :], place, deed
    rest = place + 1 if deed == "changed" else place
    return content[:place] + bytes((content[place] ^ chance.randrange(1, 256),)) + content[rest:], place, deed


def prepare(target: Path) -> Path:
    """Copy the project, with a manifest that is current, and the package jieba, whose dictionary is to be changed."""
    copy_checkout(target)
    found = find_spec("jieba")
    assert found is not None and found.origin is not None
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(found.origin).parent, target / _INSTALLED / "jieba", ignore=leave)
    write_manifest(target)
    return target


@contextmanager
def restored(path: Path, content: bytes) -> Iterator[None]:
    """Put these bytes back into a file at the end."""
    try:
        yield
    finally:
        path.write_bytes(content)


@contextmanager
def changed(root: Path, kind: str, chance: random.Random) -> Iterator[Change]:
    """Change one byte of a file of this kind, and change it back."""
    file = chance.choice(files_of(root, kind))
    path = root / file
    before = path.read_bytes()
    after, place, deed = alter(before, chance)
    # A changed line of the manifest speaks for the file that it lists.
    line = before[before.rfind(b"\n", 0, place) + 1 :].split(b"\n")[0].decode("utf-8") if kind == "manifest" else ""
    path.write_bytes(after)
    with restored(path, before):
        yield Change(kind, file, place, deed, (file.removeprefix(f"{_INSTALLED}/"), line.split("  ")[-1]))


def named(root: Path, change: Change) -> bool:
    """Tell whether the quick check fails and names the file; of the manifest, it or what the changed line lists."""
    dictionary = root / _INSTALLED / DICTIONARY
    check_dictionary()
    with mock.patch("jieba.get_module_res", lambda *_: dictionary.open("rb")):
        try:
            told = "\n".join(str(difference) for difference in verify_quickly(root).differences)
        except CorpusError as error:
            told = str(error)
    return any(name and name in told for name in change.names)


def sums_agree(root: Path) -> bool:
    """Tell whether ``sha256sum -c --strict`` finds every file as it is listed."""
    command = ["sha256sum", "-c", "--strict", "--quiet", MANIFEST]
    return subprocess.run(command, cwd=root, capture_output=True).returncode == 0


def run(
    root: Path, number: int, seed: int, *, sums: Callable[[Path], bool] | None
) -> Iterator[tuple[Change, bool, bool]]:
    """Change a copy of the project ``number`` times; yield each change, whether it was named, and whether sums fail.

    The copy and its manifest must be sound. Of the dictionary, which no list of sums holds, the latter is True.
    """
    for turn, kind in enumerate(islice(cycle(KINDS), number)):
        with changed(root, kind, random.Random(f"{seed} {turn}")) as change:
            yield change, named(root, change), kind == "dictionary" or sums is None or not sums(root)


def check_clean(root: Path, number: int) -> tuple[list[str], float]:
    """Run ``corpus verify --quick`` on a sound copy; return what the runs that failed said, and the longest seconds."""
    alarms, longest = [], 0.0
    for _ in range(number):
        began = monotonic()
        command = corpus_command(["verify", "--quick"])
        done = subprocess.run(command, env=environment_of(root), cwd=root, capture_output=True, text=True)
        longest = max(longest, monotonic() - began)
        if done.returncode:
            alarms.append(done.stdout + done.stderr)
    return alarms, longest


def rebuild(root: Path, kind: str, chance: random.Random) -> tuple[Change, bool, str]:
    """Change one byte, write the manifest anew and rebuild; return the change, whether verify fails, what it says."""
    paths = f"{root / _INSTALLED}{os.pathsep}{root / 'src'}"
    with changed(root, kind, chance) as change:
        write_manifest(root)
        done = subprocess.run(
            corpus_command(["verify"]),
            env=environment_of(root, {"PYTHONPATH": paths}),
            cwd=root,
            capture_output=True,
            encoding="utf-8",
        )
    write_manifest(root)
    return change, done.returncode != 0, done.stdout + done.stderr


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="change single bytes and see whether verify names the file")
    parser.add_argument("changes", type=int, nargs="?", default=1000, metavar="CHANGES")
    parser.add_argument("--seed", type=int, default=20261127)
    parser.add_argument("--clean", type=int, default=100, metavar="RUNS")
    parser.add_argument("--rebuild", action="store_true")
    options = parser.parse_args(arguments)
    print_machine(("jieba", "matplotlib"))
    with tempfile.TemporaryDirectory() as temporary:
        root = prepare(Path(temporary) / "copy")
        alarms, longest = check_clean(root, options.clean)
        print(f"{options.clean} clean runs, {len(alarms)} false alarms, the longest {longest:.2f} s", *alarms, sep="\n")
        sums = sums_agree if shutil.which("sha256sum") else None
        made, missed, kind_sums = Counter[str](), Counter[str](), Counter[str]()
        for change, is_named, sums_fail in run(root, options.changes, options.seed, sums=sums):
            made[change.kind] += 1
            missed[change.kind] += not is_named
            kind_sums[change.kind] += not sums_fail
            if not is_named or (not sums_fail and change.kind != "manifest"):
                print(f"missed by {'verify' if not is_named else 'sha256sum'}: {change}", flush=True)
        for kind, number in made.items():
            print(f"{kind:12} {number:4} changes, {missed[kind]} not named, {kind_sums[kind]} taken by sha256sum")
        failed = bool(alarms) or any(missed.values()) or any(kind_sums[kind] for kind in KINDS if kind != "manifest")
        for turn, kind in enumerate((k for k in KINDS if k != "manifest") if options.rebuild else ()):
            change, fails, told = rebuild(root, kind, random.Random(f"{options.seed} rebuild {turn}"))
            name = change.names[0].removeprefix("notebooks/").removeprefix("data/").removeprefix("jieba/")
            outcome = "named" if fails and name in told else "fails, by other names" if fails else "not seen"
            print(
                f"rebuilt, {outcome}: {change}",
                *(f"    {line}" for line in told.splitlines()[:3]),
                sep="\n",
                flush=True,
            )
            failed |= kind in REBUILT and outcome != "named"
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
