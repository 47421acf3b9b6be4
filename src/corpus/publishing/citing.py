"""How the workbook and its figures are cited: the facts of CITATION.cff, and BibTeX made from them."""

from __future__ import annotations

import re

from corpus import __version__

TITLE = "fazhi-workbook: a research workbook that turns Chinese government reports into evidence"
AUTHORS = ("fazhi-workbook maintainers",)

# BibTeX passes over what stands outside an entry.
_UNRELEASED = "Before the release there is no year, doi and url; from then on CITATION.cff has them: add them here."
_SPECIAL = re.compile(r"[#$%&_]")


def figure_entry(name: str, *, notebook: str, data_sha256: str) -> str:
    """Return the BibTeX entry of a figure, which BibLaTeX reads too.

    The sha256 of its data says which state of the figure was cited: it stands in ``sha256sum data.csv`` too.

    Parameters
    ----------
    name : str
        Of the figure: small letters, digits and hyphens.
    notebook : str
        The notebook that drew it, without suffix; empty outside one.
    data_sha256 : str
        Of the figure's ``data.csv``.
    """
    made_in = f" of notebook {_SPECIAL.sub(_escaped, notebook)}" if notebook else ""
    authors = " and ".join(f"{{{author}}}" for author in AUTHORS)
    lines = (
        f"  author = {{{authors}}},",
        f"  title = {{{{{TITLE}}}}},",
        f"  note = {{Version {__version__}, figure {name}{made_in}, data.csv with sha256 {data_sha256}}},",
    )
    return "\n".join((_UNRELEASED, f"@misc{{fazhi-workbook-{name},", *lines, "}", ""))


def _escaped(special: re.Match[str]) -> str:
    return f"\\{special[0]}"
