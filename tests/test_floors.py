"""The floors of the house: imports point down only, rooms are few and named, and ``import corpus`` is light."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from operator import attrgetter
from pathlib import Path

import pytest

import corpus
from corpus.field.data_files import is_checkout

PACKAGE = Path(corpus.__file__).resolve().parent
WINGS = (
    "errors",
    "processes",
    "field",
    "report",
    "loading/files",
    "loading/page",
    "loading/facts",
    "loading",
    "analysis/index",
    "analysis/resampling",
    "analysis/alignment",
    "analysis/words",
    "analysis/report_tables",
    "analysis/particulars",
    "analysis/reuse",
    "analysis/comparison",
    "analysis/boilerplate",
    "analysis/years",
    "analysis/leftovers",
    "analysis/panel_for_regression",
    "analysis/simulation",
    "analysis/validation",
    "publishing/writing",
    "publishing/evidence",
    "publishing/figures",
    "publishing/figures/texts",
    "publishing/figures/wording",
    "publishing/figures/over_years",
    "publishing/readers",
    "publishing/series",
    "publishing/results",
    "scale",
    "figures",
    "validation",
    "cli",
    "__main__",
)
"""From the ground up: a room takes from its own wing and from those before it."""
MOST_FILES, MOST_LINES = 14, 400
MODULES = sorted(PACKAGE.rglob("*.py"))
SOURCES = {path: path.read_text(encoding="utf-8") for path in MODULES}
TESTS = Path(__file__).resolve().parent
INSIDE = [path for path in MODULES if path != PACKAGE / "__init__.py"]


def module_id(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def wing_of(module: str) -> str:
    """Return the innermost wing that a module such as ``loading/files/pdf`` lies in."""
    found = [wing for wing in WINGS if module == wing or module.startswith(f"{wing}/")]
    assert found, f"{module} lies in no wing"
    return max(found, key=len)


@cache
def modules_imported(source: str) -> tuple[str, ...]:
    return tuple(_modules_imported(source))


def _modules_imported(source: str) -> Iterator[str]:
    """Yield what each import of ``corpus`` leads to, as ``loading/files/pdf``, wherever in the module it stands."""
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "corpus" and parts[1:] not in ([], ["__version__"]):
                yield module_of(tuple(parts[1:]))


@cache
def module_of(parts: tuple[str, ...]) -> str:
    """Return the longest beginning of a dotted name that is a module or a folder of the package."""
    for length in range(len(parts), 0, -1):
        place = PACKAGE.joinpath(*parts[:length])
        if place.is_dir() or place.with_suffix(".py").exists():
            return "/".join(parts[:length])
    return "/".join(parts)


def arrows() -> dict[str, set[str]]:
    return {
        module_id(path).removesuffix(".py").removesuffix("/__init__"): set(modules_imported(SOURCES[path]))
        for path in INSIDE
    }


def test_imports_point_down_only() -> None:
    upward = [
        f"{module} -> {other}"
        for module, taken in arrows().items()
        for other in taken
        if WINGS.index(wing_of(other)) > WINGS.index(wing_of(module))
    ]
    assert upward == []


def test_analyses_neither_read_files_nor_draw_nor_load() -> None:
    outside = {"pathlib", "os", "io", "csv", "matplotlib", "wordcloud"}
    for path in (path for path in INSIDE if "analysis" in path.parts):
        assert not [module for module in modules_imported(SOURCES[path]) if module.startswith("loading")], path
        assert outside.isdisjoint(
            (alias.name if isinstance(node, ast.Import) else node.module or "").split(".")[0]
            for node in ast.walk(ast.parse(SOURCES[path]))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        ), path


def test_no_module_comes_back_to_itself() -> None:
    taken = arrows()
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail[trail.index(module) :], module))
        if module not in done:
            for other in sorted(taken.get(module, ())):
                visit(other, (*trail, module))
            done.add(module)

    for module in sorted(taken):
        visit(module, ())


def test_the_search_for_imports_finds_them() -> None:
    source = (
        "from corpus.loading.files import pdf\ndef f():\n    import corpus.cli.parsing\n    from corpus import loading"
    )
    assert set(modules_imported(source)) == {"loading/files/pdf", "cli/parsing", "loading"}
    assert set(modules_imported("from corpus.errors import CorpusError")) == {"errors"}


def test_every_wing_is_there() -> None:
    assert all((PACKAGE / wing).is_dir() or (PACKAGE / f"{wing}.py").exists() for wing in WINGS)


def test_every_module_says_what_is_in_it_and_can_be_held_in_the_head() -> None:
    for path, source in SOURCES.items():
        assert path.stem not in {"utils", "util", "helpers", "common", "misc", "tools"}, path
        assert ast.get_docstring(ast.parse(source)), path
        assert len(source.splitlines()) <= MOST_LINES, path


def test_no_folder_is_crowded() -> None:
    crowded = {str(folder): n for folder, n in Counter(path.parent for path in MODULES).items() if n > MOST_FILES}
    assert crowded == {}


def test_no_name_stands_on_two_floors() -> None:
    names = Counter(path.stem for path in MODULES if path.stem != "__init__")
    assert [name for name, n in names.items() if n > 1] == []


def test_tests_lie_as_the_library_lies() -> None:
    folders = {path.parent.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    assert [str(folder) for folder in sorted(folders) if not (PACKAGE / folder).is_dir()] == []


def rooms_of_the_readme() -> list[str]:
    """Return the rooms under ``src/corpus`` that the README lists, as ``loading/files``, in its order."""
    readme = (TESTS.parent / "README.md").read_text(encoding="utf-8")
    listed = readme.partition("## Where things are")[2].partition("\nsrc/corpus/\n")[2].partition("\ntests/")[0]
    rooms: list[str] = []
    for line in listed.splitlines():
        indented, name = re.findall(r"^( *)(\w+)", line)[0]
        rooms.append(name if len(indented) == 2 else f"{next(r for r in rooms[::-1] if '/' not in r)}/{name}")
    return rooms


@pytest.mark.skipif(not is_checkout(), reason="a wheel has no README.md")
def test_the_readme_lists_every_room_from_the_ground_up() -> None:
    rooms = rooms_of_the_readme()
    outer = {wing.split("/")[0] for wing in WINGS} - {"__main__"}
    assert set(rooms) == outer | {wing for wing in WINGS if wing.count("/") == 1}
    inside = [room for room in rooms if room in WINGS and room not in ("loading", "cli")]
    assert inside == [wing for wing in WINGS if wing in inside]


def test_import_corpus_loads_nothing_heavy() -> None:
    heavy = ("pandas", "numpy", "matplotlib", "jieba", "wordcloud", "nbclient", "jupyter_client")
    code = f"import sys, corpus; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


IN_SPACES = [f"{space}.{name}" for space in ("figures", "validation") for name in getattr(corpus, space).__all__]


def test_public_names_are_there_and_say_what_they_are() -> None:
    for name in {*corpus.__all__, *IN_SPACES} - {"__version__"}:
        value = attrgetter(name)(corpus)
        assert value.__doc__ and value.__name__.split(".")[-1] == name.split(".")[-1], name
    assert corpus.__version__


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = corpus.no_such_name
