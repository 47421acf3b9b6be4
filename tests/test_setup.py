"""The files that set the project up agree with each other, and hold nothing of one machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml

import corpus

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = (ROOT / "requirements.txt").read_text(encoding="utf-8")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; [^\\\n]+)? \\\n((?: {4}--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M)

# Needed without being imported: the kernel, the reader's JupyterLab, and the floor of a part of it.
NOT_IMPORTED = {"ipykernel", "jupyterlab"}

# In pieces, so that this file does not hold what it looks for.
HOSTS = "|".join(
    (
        "py[p]i\\.org",
        "python[h]osted",
        "npm[j]s[.]",
        "deb[.]debian",
        "conda[.]anaconda",
        "index-ur[l]",
        "tsingh[u]a[.]",
        "aliyu[n][.]",
    )
)
MACHINE_PATHS = r"(?:^|[^\w.-])/(?:wor[k]|far[m]|roo[t]|hom[e]/\w+|User[s]/\w+|tm[p]/bash_jobs)/"


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: list[Any]) -> set[str]:
    return {plain(re.match(r"[\w.-]+", item)[0]) for item in requirements if isinstance(item, str)}  # type: ignore[index]


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def project_files() -> Iterator[Path]:
    """Yield the text files that a clone of the project holds."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        found = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout.decode("utf-8")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    for name in filter(None, found.split("\0")):
        path = ROOT / name
        if path.is_file() and b"\0" not in path.read_bytes():
            yield path


def matching_lines(pattern: str) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT).as_posix()}:{number}: {line.strip()[:100]}"
        for path in project_files()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if wanted.search(line)
    ]


def packages_imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=aliases):
                yield from (alias.name.split(".")[0] for alias in aliases)
            case ast.ImportFrom(module=str(module)):
                yield module.split(".")[0]
            case ast.Call(func=ast.Name(id="import_module"), args=[ast.Constant(value=str(module))]):
                yield module.split(".")[0]


def test_every_line_of_the_requirements_is_a_version_with_hashes() -> None:
    assert PIN.sub("", REQUIREMENTS) == ""


def test_the_requirements_name_no_address_and_no_option() -> None:
    assert "://" not in REQUIREMENTS
    assert not re.search(r"^\s*-(?!-hash)", REQUIREMENTS, re.M)


def test_every_package_is_pinned_once() -> None:
    pinned = [plain(match[1]) for match in PIN.finditer(REQUIREMENTS)]
    assert sorted(pinned) == sorted(set(pinned))


def test_every_direct_dependency_is_pinned(project: dict[str, Any]) -> None:
    groups = project["dependency-groups"]
    direct = names(project["project"]["dependencies"]) | names(groups["test"]) | names(groups["build"])
    assert direct <= {plain(match[1]) for match in PIN.finditer(REQUIREMENTS)}


def test_what_exactly_pinned_dependencies_say_is_what_is_pinned(project: dict[str, Any]) -> None:
    exact = [item for item in project["project"]["dependencies"] if "==" in item]
    assert names(exact) == {"jieba", "matplotlib"}
    for item in exact:
        assert re.search(rf"^{re.escape(item)} ", REQUIREMENTS, re.M), item


def test_the_library_imports_what_it_depends_on_and_nothing_else(project: dict[str, Any]) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")]
    imported = {name for source in sources for name in packages_imported(source)}
    distributions = packages_distributions()
    foreign = imported - sys.stdlib_module_names - {"corpus"}
    needed = {plain(distributions[name][0]) if name in distributions else name for name in foreign}
    on_request = names(project["project"]["optional-dependencies"]["cluster"])
    assert needed - on_request == names(project["project"]["dependencies"]) - NOT_IMPORTED


@pytest.mark.parametrize("file", ["environment.yml", ".binder/environment.yml"])
def test_conda_makes_a_python_and_leaves_the_packages_to_workbook(file: str, project: dict[str, Any]) -> None:
    environment = yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))
    python, pip = environment["dependencies"]
    assert pip == "pip"
    assert environment["name"] == project["project"]["name"]
    version = python.removeprefix("python=")
    assert f"Programming Language :: Python :: {version}" in project["project"]["classifiers"]


def test_every_way_to_install_is_the_one_that_pins_what_builds() -> None:
    for file in ("environment.yml", ".binder/postBuild", "docs/runs.md"):
        assert "python workbook.py set-up --here" in (ROOT / file).read_text(encoding="utf-8"), file
    own = {"workbook.py", "CHANGELOG.md"}
    lines = [line for line in matching_lines(r"pip.{0,9} install .*(?:-e|--editable|-r|--requirement) ")]
    assert [line for line in lines if line.split(":")[0] not in own and "--no-build-isolation" not in line] == []


def test_the_script_for_binder_can_be_run() -> None:
    script = ROOT / ".binder" / "postBuild"
    assert sys.platform == "win32" or script.stat().st_mode & 0o111


def test_the_wheel_takes_data_and_notebooks_along(project: dict[str, Any]) -> None:
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["sources"] == {"src/corpus": "corpus", "data": "corpus/data", "notebooks": "corpus/notebooks"}
    assert wheel["only-include"] == list(wheel["sources"])


def test_one_version_everywhere() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)
    assert citation["version"] == corpus.__version__
    assert f"\n## {corpus.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_change_log_names_every_direct_dependency(project: dict[str, Any]) -> None:
    log = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    groups = project["dependency-groups"]
    direct = names(project["project"]["dependencies"]).union(*(names(group) for group in groups.values()))
    assert sorted(name for name in direct if f"`{name}`" not in log) == []


def test_the_change_log_begins_with_what_alters_results() -> None:
    headings = re.findall(r"^### (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert headings[0] == "Changes that alter results"


def test_no_file_names_a_package_host() -> None:
    assert matching_lines(HOSTS) == []


def test_no_file_holds_a_path_of_one_machine() -> None:
    assert matching_lines(MACHINE_PATHS) == []


def test_the_search_for_hosts_and_paths_finds_them() -> None:
    assert re.search(HOSTS, "--index-" + "url https://files.python" + "hosted.org/simple")
    assert re.search(MACHINE_PATHS, "File '/wo" + "rk/main/x.py'") and re.search(MACHINE_PATHS, "/ho" + "me/ann/x")
    assert not re.search(MACHINE_PATHS, "see data/work/x and https://a.example/work/")
