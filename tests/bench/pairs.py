"""Whether the same report gives the same key, headings and year in every format.

Run it as ``python tests/bench/pairs.py FOLDER [NUMBER] [--pdf FONT]`` on a folder with ``docx/NAME.docx`` and
``txt/NAME.txt`` of the same reports: each pair is compared, and the text is saved as GBK, as a web page
and, where asked for, as PDF, and compared too.
"""

from __future__ import annotations

import argparse
import html
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import corpus
from corpus.report.reports import Report

sys.path.insert(0, str(Path(__file__).parents[1]))

from making_files import make_pdf


def outline(report: Report) -> tuple[str, list[tuple[int, str, str]], int | None]:
    """Return what must be the same in every format: key, headings and year."""
    headings = [(heading.depth, heading.label, "".join(heading.text.split())) for heading in report.headings]
    return report.key, headings, report.year_reviewed


def save_as(text: str, folder: Path, *, font: Path | None) -> Iterator[Path]:
    """Save a text in other formats and yield the files."""
    paragraphs = [line.strip() for line in text.split("\n") if line.strip()]
    contents = {"gbk.txt": text.encode("gb18030"), "page.html": _webpage(paragraphs).encode("utf-8")}
    if font is not None:
        contents["print.pdf"] = make_pdf(paragraphs, head="政府工作报告", lines_a_page=34, font=font)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        yield folder / name


def _webpage(paragraphs: list[str]) -> str:
    body = "\n".join(f"<p>　　{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><div>{body}</div></body></html>'


def differences(folder: Path, number: int, *, font: Path | None = None) -> Iterator[str]:
    """Yield what differs in the first pairs of a folder: the name of the file and the part that is not the same."""
    for plain in sorted((folder / "txt").glob("*.txt"))[:number]:
        (known,) = corpus.load_reports(plain)
        expected = outline(known)
        with tempfile.TemporaryDirectory() as name:
            for path in (folder / "docx" / f"{plain.stem}.docx", *save_as(known.raw, Path(name), font=font)):
                (report,) = corpus.load_reports(path)
                for part, found, wanted in zip(("key", "headings", "year"), outline(report), expected, strict=True):
                    if found != wanted:
                        yield f"{plain.stem}, {path.name}: {part}"


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description="compare the same reports in several formats")
    parser.add_argument("folder", type=Path)
    parser.add_argument("number", type=int, nargs="?", default=10**6)
    parser.add_argument("--pdf", type=Path, metavar="FONT")
    options = parser.parse_args(arguments)
    found = list(differences(options.folder, options.number, font=options.pdf))
    print("\n".join([*found, f"{len(found)} differences"]))


if __name__ == "__main__":
    main(sys.argv[1:])
