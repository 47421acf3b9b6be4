"""Damage files of every format, and what is packed in them, in many ways, and load each.

Whatever the damage, loading must end within `LONGEST_SECONDS` of CPU, raise nothing but that a table has no column of
text, take less than `MOST_BYTES`, and give the file as a report or as a problem that names it, with words and a remedy.
Run it as ``python tests/bench/format_mutations.py [DAMAGES] [SEED] [FOLDER]``: with a folder, its files are damaged
instead. The suite runs a few damages of each file.
"""

from __future__ import annotations

import io
import json
import random
import sys
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.mutations import DAMAGES, LONGEST_SECONDS
from making_files import REPORT, bare_pdf, make_docx, make_pdf, make_zip

import corpus
from corpus.errors import CorpusError

MOST_BYTES = 1 << 30
Damage = Callable[[bytes, random.Random], bytes]
_TEXT_SUFFIXES = (".txt", ".html", ".csv", ".tsv", ".jsonl", ".json")
_TOKENS = (b'"', b"'", b"<", b">", b"&", b"\\", b"\0", b"(x\xc3\xad)", b"</", b"<!--", b"<![CDATA[", b"\\ud800", b"}")
_NUMBERS = (b"0", b"-1", b"1", b"65535", b"999999", b"4294967295", b"1e308", b"")
_PAGE = """<html><head><meta charset="utf-8"><title>{title}</title></head><body><form>
<div style="display:none">{hidden}</div><table><tr><td>{cells}</td></tr></table><aside>{body}</aside>
<noscript>请启用脚本</noscript><ul><li><a href="/">首页</a></li></ul><textarea>{hidden}</textarea>
<iframe src="a.html"></iframe></form><pre>{body}</pre></body></html>"""


def seeds() -> dict[str, bytes]:
    """Return one sound file of each format and kind, by name."""
    lines = REPORT.split("\n")
    page = _PAGE.format(title=lines[0], hidden=lines[3], cells="</td><td>".join(lines[:3]), body=REPORT)
    rows = [{"id": f"r{number}", "title": lines[0], "text": f"{number}{REPORT}"} for number in range(4)]
    table = "id,title,text\n" + "".join(f'{row["id"]},{row["title"]},"{row["text"]}"\n' for row in rows)
    return {
        "page.html": page.encode(),
        "gbk.html": page.replace("utf-8", "gb2312").encode("gb18030"),
        "pinyin.txt": f"{REPORT}学习(xí)".encode(),
        "wrapped.txt": "\n".join(REPORT[at : at + 30] for at in range(0, len(REPORT), 30)).encode(),
        "word.docx": make_docx(lines, rows=[("项目", "数量"), ("行政许可", "12")]),
        "print.pdf": make_pdf(lines, head="内部资料", lines_a_page=6),
        "bare.pdf": bare_pdf(),
        "pack.zip": make_zip({"县/a.txt": REPORT.encode("gbk"), "b.html": page.encode(), "c.docx": make_docx(lines)}),
        "table.csv": table.encode(),
        "table.tsv": table.replace(",", "\t").encode("utf-16"),
        "rows.jsonl": "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode(),
        "array.json": json.dumps(rows, ensure_ascii=False, indent=1).encode(),
    }


def _insert_token(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + chance.choice(_TOKENS) * chance.choice((1, 1, 2, 200)) + content[place:]


def _change_number(content: bytes, chance: random.Random) -> bytes:
    places = [place for place in range(len(content)) if content[place : place + 1].isdigit()]
    if not places:
        return _insert_token(content, chance)
    place = chance.choice(places)
    return content[:place] + chance.choice(_NUMBERS) + content[place + 1 :]


def _inside(content: bytes, chance: random.Random) -> bytes:
    """Damage what is packed: a part of an archive, or a stream of a PDF, and pack it again."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = [(entry.filename, package.read(entry)) for entry in package.infolist()]
        chosen = chance.randrange(len(parts))
        stream = io.BytesIO()
        method = chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
        with zipfile.ZipFile(stream, "w", method) as package:
            for number, (name, part) in enumerate(parts):
                package.writestr(name, _damaged(part, chance) if number == chosen else part)
        return stream.getvalue()
    start = content.find(b"stream\n", chance.randrange(max(len(content), 1)))
    end = content.find(b"endstream", start)
    if start < 0 or end < 0:
        return _change_number(content, chance)
    try:
        packed = zlib.compress(_damaged(zlib.decompress(content[start + 7 : end]), chance))
    except zlib.error:
        packed = _damaged(content[start + 7 : end], chance)
    return content[: start + 7] + packed + b"\n" + content[end:]


def _damaged(content: bytes, chance: random.Random) -> bytes:
    return chance.choice((*_ANY, _change_number))(content, chance) if content else content


_ANY: tuple[Damage, ...] = (*DAMAGES[:3], _insert_token)


def run(folder: Path, number: int, seed: int, files: Mapping[str, bytes]) -> Iterator[tuple[str, str, float]]:
    """Damage each file ``number`` times; yield its name, what came of it, and the seconds of loading.

    Raises
    ------
    AssertionError
        If a load broke one of the rules, with the file, the number of the damage and the seed.
    """
    corpus.load_reports()  # what is loaded once is no part of the first case
    for name, content in files.items():
        suffix = Path(name).suffix
        for turn in range(number):
            chance = random.Random(f"{seed} {name!a} {turn}")
            damage = chance.choice((*_ANY, _change_number, _inside, _inside))
            if suffix in _TEXT_SUFFIXES and chance.random() < 0.5:
                damage = chance.choice(DAMAGES)
            try:
                broken = damage(content, chance)
            except Exception:  # a seed that is damaged itself cannot be unpacked
                broken = DAMAGES[turn % 3](content, chance)
            if chance.random() < 0.2:
                broken = _damaged(broken, chance)
            path = folder / f"{Path(name).stem}{suffix}"
            path.write_bytes(broken)
            began = process_time()
            case = f"{name}, damage {turn} ({damage.__name__}), seed {seed}"
            try:
                reports = corpus.load_reports(path)
                outcome = reports.problems[0].code if reports.problems else "loaded"
                assert reports.problems or len(reports), f"{case}: neither loaded nor named"
                assert all(each.file and each.message and each.remedy for each in reports.problems), case
            except CorpusError:
                outcome = "no column of text"
            except Exception as error:
                raise AssertionError(f"{case}: {error!r}") from error
            seconds = process_time() - began
            assert seconds < LONGEST_SECONDS, f"{case}: took {seconds:.1f} s"
            yield name, outcome, seconds


def _most_memory() -> int:
    import resource

    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) * 1024


def main(arguments: list[str]) -> None:
    number = int(arguments[0]) if arguments else 500
    seed = int(arguments[1]) if len(arguments) > 1 else 20261130
    files = seeds()
    if len(arguments) > 2:
        paths = sorted(path for path in Path(arguments[2]).rglob("*") if path.is_file() and path.stat().st_size)
        files = {path.name: path.read_bytes() for path in paths}
    with tempfile.TemporaryDirectory() as name:
        outcomes = list(run(Path(name), number, seed, files))
    for outcome, times in sorted(Counter(outcome for _, outcome, _ in outcomes).items()):
        print(f"{outcome:24} {times:6}")
    most = _most_memory()
    slowest = max(seconds for *_, seconds in outcomes)
    print(f"{len(outcomes)} damages, slowest {slowest:.2f} s, {most >> 20} MiB, seed {seed}")
    assert most < MOST_BYTES


if __name__ == "__main__":
    main(sys.argv[1:])
