"""CITATION.cff is of the form that services read, and all places that name the workbook agree with it."""

from __future__ import annotations

import json
import re
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

import corpus
from corpus.publishing.evidence.provenance import AUTHORS, NOTEBOOK, TITLE, save_result

ROOT = Path(__file__).resolve().parents[3]
CITATION: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FIGURES = sorted((ROOT / "notebooks" / "figures").iterdir())

# Of the keys of the Citation File Format 1.2.0, those that a software has, with their types.
KEYS = {
    "cff-version": str,
    "message": str,
    "title": str,
    "authors": list,
    "type": str,
    "abstract": str,
    "version": str,
    "license": list,
    "keywords": list,
    "date-released": str,
    "doi": str,
    "identifiers": list,
    "url": str,
    "repository-code": str,
    "references": list,
    "preferred-citation": dict,
}
ENTITY_KEYS = {"name", "address", "alias", "city", "country", "email", "orcid", "website"}
PERSON_KEYS = {"family-names", "given-names", "name-particle", "affiliation", "alias", "email", "orcid", "website"}


def parse_bibtex(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """Return the entries of a file as type, key and fields; anything that is not strictly BibTeX is an error."""
    entries = []
    head = re.compile(r"@([a-z]+)\{([A-Za-z][A-Za-z0-9-]*),\s*")
    field = re.compile(r"([a-z]+)\s*=\s*\{")
    at = text.find("@")
    while at >= 0:
        entry = head.match(text, at)
        assert entry, text[at : at + 40]
        fields: dict[str, str] = {}
        at = entry.end()
        while text[at] != "}":
            name = field.match(text, at)
            assert name and name[1] not in fields, text[at : at + 40]
            depth, end = 1, name.end()
            while depth:
                if text[end] == "\\":
                    end += 1
                else:
                    depth += {"{": 1, "}": -1}.get(text[end], 0)
                end += 1
            fields[name[1]] = text[name.end() : end - 1]
            assert text[end] == ",", text[end:]
            at = end + 1 + len(text[end + 1 :]) - len(text[end + 1 :].lstrip())
        entries.append((entry[1], entry[2], fields))
        rest = text[at + 1 :]
        at = -1 if "@" not in rest else at + 1 + rest.index("@")
    return entries


def test_the_citation_file_has_the_keys_and_types_of_the_format() -> None:
    assert {"cff-version", "message", "title", "authors"} <= CITATION.keys() <= KEYS.keys()
    for key, value in CITATION.items():
        assert isinstance(value, KEYS[key]), key
    assert CITATION["cff-version"] == "1.2.0"
    assert CITATION["type"] in ("software", "dataset")
    assert re.fullmatch(r"\d+\.\d+\.\d+", CITATION["version"])
    for author in CITATION["authors"]:
        assert author.keys() <= (ENTITY_KEYS if "name" in author else PERSON_KEYS)
    assert len(set(CITATION["keywords"])) == len(CITATION["keywords"]) >= 1
    assert all(isinstance(keyword, str) for keyword in CITATION["keywords"])


def test_a_date_and_an_address_are_given_only_together_with_a_release() -> None:
    released = {"date-released", "doi", "identifiers", "url"} & CITATION.keys()
    unreleased = "## 0.1.0 (not yet released)" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert bool(released) != unreleased
    if "date-released" in CITATION:
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", CITATION["date-released"])
    if "doi" in CITATION:
        assert re.fullmatch(r"10\.\d{4,9}(?:\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+", CITATION["doi"])


def test_title_authors_version_licence_and_keywords_are_the_same_everywhere() -> None:
    assert CITATION["title"] == TITLE
    assert f"{PROJECT['name']}: {PROJECT['description'][0].lower()}{PROJECT['description'][1:]}" == TITLE
    names = [author["name"] for author in CITATION["authors"]]
    assert names == list(AUTHORS) == [author["name"] for author in PROJECT["authors"]]
    assert CITATION["version"] == corpus.__version__
    assert "version" in PROJECT["dynamic"]
    assert f"## {corpus.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert " AND ".join(CITATION["license"]) == PROJECT["license"]
    assert CITATION["keywords"] == PROJECT["keywords"]
    assert (ROOT / "data" / "README.md").is_file() and "data/README.md" in CITATION["abstract"]


def test_an_entry_is_bibtex_and_says_name_version_and_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NOTEBOOK, "03_mine & more")
    table = pd.DataFrame({"n": [4, 8]})
    place = save_result(tmp_path, "shared-passages", "figure", table=table, captions=["甲"], files={}, told={})
    text = (place / "cite.bib").read_text(encoding="utf-8")
    [(kind, key, fields)] = parse_bibtex(text)
    assert (kind, key) == ("misc", "fazhi-workbook-shared-passages")
    assert fields == {
        "author": "{fazhi-workbook maintainers}",
        "title": f"{{{TITLE}}}",
        "note": f"Version {corpus.__version__}, figure shared-passages of notebook 03\\_mine \\& more, "
        f"data.csv with sha256 {sha256((place / 'data.csv').read_bytes()).hexdigest()}",
    }
    assert "CITATION.cff" in text.partition("@")[0]


@pytest.mark.parametrize("text", ["@misc{a b,}", "@misc{a, x = {1} }", "@misc{a, x = {1}, x = {2},}", "@Misc{a,}"])
def test_the_reading_of_bibtex_is_strict(text: str) -> None:
    with pytest.raises((AssertionError, IndexError)):
        parse_bibtex(text)


@pytest.mark.parametrize("folder", FIGURES, ids=lambda folder: folder.name)
def test_the_entry_of_a_figure_agrees_with_its_folder(folder: Path) -> None:
    [(_, key, fields)] = parse_bibtex((folder / "cite.bib").read_text(encoding="utf-8"))
    provenance = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert key == f"fazhi-workbook-{folder.name}"
    assert fields["title"].strip("{}") == CITATION["title"]
    form = r"Version ([\d.]+), figure ([a-z0-9-]+) of notebook (\S+), data\.csv with sha256 (\w+)"
    note = re.fullmatch(form, fields["note"])
    assert note is not None
    digest = sha256((folder / "data.csv").read_bytes()).hexdigest()
    assert note.groups() == (CITATION["version"], folder.name, provenance["notebook"], digest)
    assert CITATION["version"] in json.dumps(provenance)
