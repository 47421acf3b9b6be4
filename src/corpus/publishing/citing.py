"""How the workbook and its figures are cited: the facts of CITATION.cff, and BibTeX made from them."""

from __future__ import annotations

from corpus import __version__

TITLE = "fazhi-workbook: a research workbook that turns Chinese government reports into evidence"
AUTHORS = ("fazhi-workbook maintainers",)


def figure_entry(name: str, *, notebook: str, data_sha256: str) -> str:
    """Return the BibTeX entry of a figure.

    The sha256 of its data says which state of the figure was cited: it stands in ``sha256sum data.csv`` too.
    """
    made_in = f" of notebook {notebook}" if notebook else ""
    authors = " and ".join(f"{{{author}}}" for author in AUTHORS)
    lines = (
        f"  author = {{{authors}}},",
        f"  title = {{{TITLE}}},",
        f"  note = {{Version {__version__}, figure {name}{made_in}, data.csv with sha256 {data_sha256}}},",
    )
    return "\n".join((f"@misc{{fazhi-workbook-{name},", *lines, "}", ""))
