"""The floors of the house: imports point down only, and ``import corpus`` is light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import corpus

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "corpus"
GROUND = {"report", "values", "offsets", "passages", "view", "ruled", "terms", "divisions", "mentions", "lexicon"}
ALLOWED = {
    "ground": GROUND,
    "loading": GROUND | {"loading"},
    "analysis": GROUND | {"analysis"},
    "publishing": GROUND | {"loading", "analysis", "publishing"},
    "cli": GROUND | {"loading", "analysis", "publishing", "cli"},
    "__main__": {"cli"},
    "__init__": set(),
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def modules_in(folder: Path) -> list[Path]:
    return [path for path in MODULES if folder in path.parents]


def module_id(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def floor_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).with_suffix("").parts[0]
    return "ground" if first in GROUND else first


def rooms_imported(source: str) -> Iterator[str]:
    """Yield the room below ``corpus`` that each import leads to, wherever in the module it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            modules = (
                [f"corpus.{alias.name}" for alias in node.names] if node.module == "corpus" else [node.module or ""]
            )
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        else:
            continue
        for module in modules:
            top, _, rest = module.partition(".")
            if top == "corpus" and rest:
                yield rest.split(".")[0]


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_imports_point_down_only(path: Path) -> None:
    upward = set(rooms_imported(path.read_text(encoding="utf-8"))) - ALLOWED[floor_of(path)]
    assert upward - ({"__version__"} if floor_of(path) in ("cli", "publishing") else set()) == set()


def test_the_search_for_imports_finds_them() -> None:
    source = "from corpus.publishing.draw import a\ndef f():\n    import corpus.cli\n    from corpus import loading"
    assert set(rooms_imported(source)) == {"publishing", "cli", "loading"}


def test_the_table_of_floors_has_every_room() -> None:
    assert {floor_of(path) for path in MODULES} <= set(ALLOWED)


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_every_module_has_a_name_that_says_what_is_in_it(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "common", "misc", "tools"}
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_analyses_neither_read_files_nor_draw() -> None:
    for path in modules_in(PACKAGE / "analysis"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {
            name.split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in (
                [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            )
        }
        assert imported.isdisjoint({"pathlib", "os", "io", "csv", "matplotlib", "wordcloud"}), module_id(path)


def test_import_corpus_loads_nothing_heavy() -> None:
    heavy = ("pandas", "numpy", "matplotlib", "jieba", "wordcloud", "nbclient", "jupyter_client")
    code = f"import sys, corpus; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", corpus.__all__)
def test_public_names_are_there_and_say_what_they_are(name: str) -> None:
    value = getattr(corpus, name)
    if name != "__version__":
        assert value.__doc__ and value.__name__ == name


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = corpus.no_such_name
