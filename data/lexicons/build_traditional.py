"""Build traditional.csv from OpenCC's table of traditional and simplified characters.

    pip install opencc==1.4.2
    python build_traditional.py

The same version of OpenCC gives the same bytes. The choices are explained in README.md beside this file.
"""

from __future__ import annotations

import csv
from pathlib import Path

import opencc

# Extension A, the main block, compatibility ideographs, extensions B to H.
BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))
# In simplified text these stand in a few names only; in traditional text they are everyday words.
FOLDED_THOUGH_SIMPLIFIED = frozenset("後於徵")


def is_simplified(character: str) -> bool:
    """Tell whether a character belongs to GB2312, the character set of simplified text."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def find_pairs() -> dict[str, str]:
    """Return the simplified character of each traditional one that has exactly one and is not simplified itself."""
    converter = opencc.OpenCC("t2s")
    pairs = {}
    for first, last in BLOCKS:
        for traditional in map(chr, range(first, last)):
            simplified = converter.convert(traditional)
            if len(simplified) != 1 or simplified == traditional:
                continue
            if traditional in FOLDED_THOUGH_SIMPLIFIED or not is_simplified(traditional):
                pairs[traditional] = simplified
    # A pair whose result would be folded again is left out: folding twice must change nothing.
    return {traditional: simplified for traditional, simplified in pairs.items() if simplified not in pairs}


def main() -> None:
    """Write traditional.csv beside this file."""
    with (Path(__file__).parent / "traditional.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("traditional", "simplified"))
        writer.writerows(sorted(find_pairs().items()))


if __name__ == "__main__":
    main()
