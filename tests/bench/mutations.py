"""Damage each of the bundled reports in many ways and load them again, next to the four others.

Whatever the damage, loading must end soon, raise nothing, give the damaged file as a report or as a problem that
names it, and leave the four others as they were. Run it as ``python tests/bench/mutations.py [DAMAGES] [SEED]``; the
suite runs 50 damages of each report.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import corpus
from corpus.field.data_files import data_path
from corpus.report.reports import Report

LONGEST_SECONDS = 5.0
_CODECS = ("gbk", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-7", "shift_jis")
_CONTROLS = "\0\x01\x1b\x7f\x85\u00ad\u200b\u200d\u200e\u2028\u202e\u2066\u3000\ue004\ufeff\ufffd\U0010fffd\n\r\t"
_FLOODS = (" ", "\u3000", "\n", "(", "【", "《", "一、", "（一）", "2020", "20", "年", "来源：", "-", ">", "*", "|")


def _flip(content: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 10, 300))):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def _cut(content: bytes, chance: random.Random) -> bytes:
    first, last = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    return chance.choice((content[:first], content[last:], content[:first] + content[last:]))


def _double(content: bytes, chance: random.Random) -> bytes:
    first, last = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    times = chance.choice((2, 2, 3, 20))
    return content[:first] + content[first:last] * times + content[last:]


def _encode_again(content: bytes, chance: random.Random) -> bytes:
    text = content.decode("utf-8")
    codec = chance.choice((*_CODECS, "mojibake"))
    if codec == "mojibake":
        return text.encode("utf-8").decode(chance.choice(("latin-1", "gb18030")), "replace").encode("utf-8")
    encoded = text.encode(codec, "replace")
    return encoded if chance.random() < 0.5 else _flip(encoded, chance)


def _insert_controls(content: bytes, chance: random.Random) -> bytes:
    text = list(content.decode("utf-8"))
    for _ in range(chance.choice((1, 3, 40))):
        text.insert(chance.randrange(len(text) + 1), chance.choice(_CONTROLS))
    return "".join(text).encode("utf-8")


def _flood(content: bytes, chance: random.Random) -> bytes:
    text = content.decode("utf-8")
    place = chance.randrange(len(text) + 1)
    return (text[:place] + chance.choice(_FLOODS) * chance.choice((5, 200, 20_000)) + text[place:]).encode("utf-8")


def _shuffle_lines(content: bytes, chance: random.Random) -> bytes:
    lines = content.decode("utf-8").split("\n")
    chance.shuffle(lines)
    return chance.choice(("\n", "\r\n", "", "　　", "\r")).join(lines).encode("utf-8")


DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip,
    _cut,
    _double,
    _encode_again,
    _insert_controls,
    _flood,
    _shuffle_lines,
)


def fingerprint(report: Report) -> object:
    """Return everything that damage to another file must leave as it is."""
    return report.raw, report.text, report.key, dict(report.facts), report.layout, report.headings, report.warnings


def copy_reports(folder: Path) -> dict[str, bytes]:
    """Copy the bundled reports into a folder, without their catalogue, and return their bytes by name."""
    for report in corpus.load_reports():
        shutil.copyfile(data_path(*report.source.file.split("/")), folder / f"{report.report_id}.txt")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def run(folder: Path, number: int, seed: int) -> Iterator[tuple[str, str, float]]:
    """Damage each report ``number`` times; yield the kind of damage, what came of it, and the seconds of loading.

    Raises
    ------
    AssertionError
        If a load broke one of the rules, with the file, the number of the damage and the seed.
    """
    originals = copy_reports(folder)
    sound = {report.source.file: fingerprint(report) for report in corpus.load_reports(folder)}
    for name, content in originals.items():
        for turn in range(number):
            chance = random.Random(f"{seed} {name} {turn}")
            damage = DAMAGES[turn % len(DAMAGES)]
            (folder / name).write_bytes(damage(content, chance))
            began = perf_counter()
            reports = corpus.load_reports(folder)
            seconds = perf_counter() - began
            case = f"{name}, damage {turn} ({damage.__name__.strip('_')}), seed {seed}"
            problems = [problem.file for problem in reports.problems]
            found = {report.source.file: fingerprint(report) for report in reports if report.source.file != name}
            assert found == {file: known for file, known in sound.items() if file != name}, f"{case}: others changed"
            assert problems in ([], [name]), f"{case}: problems of {problems}"
            assert len(reports) + len(problems) == len(originals), f"{case}: a file is neither loaded nor named"
            assert seconds < LONGEST_SECONDS, f"{case}: took {seconds:.1f} s"
            yield damage.__name__.strip("_"), reports.problems[0].code if problems else "loaded", seconds
        (folder / name).write_bytes(content)


def main(arguments: list[str]) -> None:
    number = int(arguments[0]) if arguments else 2000
    seed = int(arguments[1]) if len(arguments) > 1 else 20261122
    with tempfile.TemporaryDirectory() as name:
        outcomes = list(run(Path(name), number, seed))
    for (damage, outcome), times in sorted(Counter((damage, outcome) for damage, outcome, _ in outcomes).items()):
        print(f"{damage:16} {outcome:20} {times:6}")
    print(f"{len(outcomes)} damages, slowest load {max(seconds for *_, seconds in outcomes):.2f} s, seed {seed}")


if __name__ == "__main__":
    main(sys.argv[1:])
