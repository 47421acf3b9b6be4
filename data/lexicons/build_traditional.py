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
# How Hong Kong and Taiwan print some characters (衞 for 衛), which OpenCC's table of traditional ones lacks.
REGIONS = ("t2s", "hk2s", "tw2s")
# Forms of older print that none of OpenCC's tables has.
OLD_FORMS = dict(
    zip("緖値徳吿凖効隣靑飮硏荅觝攷搥砲礟碁凴搆汚晩毎勅", "绪值德告准效邻青饮研答抵考捶炮炮棋凭构污晚每敕", strict=True)
)


def is_simplified(character: str) -> bool:
    """Tell whether a character belongs to GB2312, the character set of simplified text."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def find_pairs() -> dict[str, str]:
    """Return the simplified character of each traditional one that has exactly one and is not simplified itself."""
    converters = [opencc.OpenCC(region) for region in REGIONS]
    pairs = dict(OLD_FORMS)
    for first, last in BLOCKS:
        for traditional in map(chr, range(first, last)):
            told = (converter.convert(traditional) for converter in converters)
            simplified = next((each for each in told if each != traditional), "")
            if len(simplified) != 1:
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
