"""Running the series: each notebook in a kernel of its own, and what all of them made is put in one folder."""

from __future__ import annotations

import errno
import json
import os
import signal
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any, TextIO

from corpus.errors import CorpusError
from corpus.publishing.evidence.provenance import COLUMNS, DATA, FIGURES, TABLES
from corpus.publishing.evidence.saved_results import look_up_in, table_folders
from corpus.publishing.series.bundled_series import Notebook, Series, check_out
from corpus.publishing.series.kernels import KernelFailure, run_notebooks
from corpus.publishing.writing.screen import count, say
from corpus.publishing.writing.whole_files import hold_folder, no_room, scratch_folder, write_whole

BESIDE = ".new"
"""What the name of a file ends with that could not take the place of one that was changed during a run."""

_LATE = "took longer than {seconds} s of CPU time"
_DIED = "the kernel died: the cell ended its process, or the system did (out of memory?)"
_KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
_TELL_SECONDS = 4.0
_NO_ROOM = os.strerror(errno.ENOSPC)


@dataclass(frozen=True, slots=True)
class Failure:
    """A notebook that did not run to its end, or made what cannot be kept; all that it made before is as it was.

    ``told`` says why, behind the number of the cell among all cells, from 1, and its id, where one is to blame;
    ``report`` is the traceback, if there is one.
    """

    notebook: str
    told: str
    report: str = ""

    def __str__(self) -> str:
        return f"{self.notebook}: {self.told}"


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of the series did.

    Attributes
    ----------
    notebooks, figures, tables : tuple of str
        Names of the notebooks that ran to their end, of the figures that they drew, and of the tables to cite that
        they showed.
    failures : tuple of Failure
    changed, removed : tuple of str
        Files that are not as they were before, and figures and tables that no notebook makes any more, relative to
        ``out``.
    kept : tuple of str
        Files that somebody else changed while the run was on, relative to ``out``. They are as they were left; what
        the run made is beside each, with `BESIDE` at the end of its name.
    seconds : float
    """

    notebooks: tuple[str, ...]
    figures: tuple[str, ...]
    tables: tuple[str, ...]
    failures: tuple[Failure, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class _Product:
    """What a notebook made: itself with outputs, and the files of its figures and tables.

    The files are named by their path relative to ``out``, as ``figures/NAME/data.csv``.
    """

    notebook: Notebook
    files: dict[str, Path]

    def folders(self, kind: str) -> dict[str, Path]:
        """Return the folders of its figures or tables by their names."""
        return {path.parent.name: path.parent for file, path in self.files.items() if file.split("/")[0] == kind}


def reproduce(
    series: Series, out: Path, *, jobs: int = 2, timeout_s: float = 300, progress: TextIO | None = None
) -> Run:
    """Run notebooks and put them, their figures and the tables that they show in a folder.

    Each notebook runs in a kernel of this interpreter, in a temporary folder and a fixed environment. What all of
    them made is moved to ``out`` when the last has ended, each file in one step; files that are the same are not
    touched. Of a notebook that fails nothing is moved, and what was changed in ``out`` while the run was on is kept.
    Between the marks of the prose stand the values of the tables.

    Parameters
    ----------
    series : Series
    out : Path
        Made if it is not there.
    jobs : int
        Notebooks that run at a time.
    timeout_s : float
        Seconds that one cell may take.
    progress : text stream, optional
        Gets a line every few seconds, and one for each notebook.

    Raises
    ------
    CorpusError
        If the series cannot be run, or the folder not be written: another run holds it, a notebook in it was edited,
        the disk is full.
    """
    started = monotonic()
    place = _Place(out)
    check_out(series, out)
    with hold_folder(out), scratch_folder() as temporary:
        products, failures = _settle(_run_all(series, temporary, jobs, timeout_s, progress), series, out)
        _keep_files(products, place, is_whole=not (failures or series.only))
        for product in products:
            place.put(f"{product.notebook.name}.ipynb", product.notebook.written().encode("utf-8"))
    return Run(
        notebooks=tuple(product.notebook.name for product in products),
        figures=_names(products, FIGURES),
        tables=_names(products, TABLES),
        failures=tuple(failures),
        changed=tuple(place.changed),
        removed=tuple(place.removed),
        seconds=monotonic() - started,
        kept=tuple(place.kept),
    )


def _run_all(
    series: Series, temporary: Path, jobs: int, timeout_s: float, stream: TextIO | None
) -> list[_Product | Failure]:
    notebooks = {notebook.name: notebook for notebook in series.notebooks()}
    for name, notebook in notebooks.items():
        (temporary / f"{name}.ipynb").write_text(json.dumps(notebook.content), encoding="utf-8")
        (temporary / name).mkdir()
    results: dict[str, _Product | Failure] = {}
    begun: dict[str, int] = {}
    progress = _Progress(notebooks, stream)
    report = ""
    try:
        events = run_notebooks(list(notebooks), temporary, jobs=jobs, timeout_s=timeout_s)
        with closing(events):
            for kind, name, number in events:
                if kind == "cell":
                    begun[name] = number
                    progress.cell(begun, results)
                    continue
                at = f"{notebooks[name].cell_name(begun[name])}: " if name in begun else ""
                if number == -getattr(signal, "SIGPROF", 0):
                    results[name] = Failure(name, at + say(_LATE, seconds=f"{timeout_s:g}"))
                else:
                    results[name] = _result(name, temporary, at)
                progress.end(name, results[name])
    except KernelFailure as error:
        report = str(error)
    return [results.get(name) or Failure(name, say("the kernel did not start"), report) for name in notebooks]


def _result(name: str, place: Path, at: str) -> _Product | Failure:
    """Return what a notebook made, or why it failed: it raised, or its process ended in the cell ``at``."""
    try:
        made = json.loads((place / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        said = (place / f"{name}.txt").read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
        failure = Failure(name, at + say(_DIED), "\n".join(said))
    else:
        notebook = Notebook(name, _settled(made["notebook"]))
        if made["raised"] is None:
            return _Product(notebook, _saved(place / name))
        index, message, report = made["raised"]
        failure = Failure(name, f"{notebook.cell_name(index)}: {message}", report)
    if _NO_ROOM in f"{failure.told}{failure.report}":
        return Failure(name, str(no_room(OSError(errno.ENOSPC, _NO_ROOM, str(place)))))
    return failure


def _settled(content: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook without what differs from run to run, and with the kernel by which JupyterLab runs it."""
    for cell in content["cells"]:
        for noise in ("execution", "ExecuteTime", "collapsed", "trusted"):
            cell["metadata"].pop(noise, None)
    return {**content, "metadata": {**content["metadata"], "kernelspec": _KERNELSPEC, "language_info": _LANGUAGE}}


class _Progress:
    """Tells how far a run is, in a line every few seconds and for each notebook."""

    def __init__(self, notebooks: Mapping[str, Notebook], stream: TextIO | None) -> None:
        self._n_cells = {name: len(notebook.cells) for name, notebook in notebooks.items()}
        self._stream = stream
        self._began = self._told = monotonic()

    def end(self, name: str, result: _Product | Failure) -> None:
        how = say("failed") if isinstance(result, Failure) else count(self._n_cells[name], "cell")
        self._print(say("{name}: {how}, {seconds} s", name=name, how=how, seconds=f"{monotonic() - self._began:.1f}"))

    def cell(self, begun: Mapping[str, int], done: Collection[str]) -> None:
        now = monotonic()
        if now - self._told < _TELL_SECONDS:
            return
        self._told = now
        n_done = sum(self._n_cells[name] if name in done else cell for name, cell in begun.items())
        at = (f"{name} {cell + 1}/{self._n_cells[name]}" for name, cell in begun.items() if name not in done)
        told = {"n": n_done, "all": sum(self._n_cells.values()), "seconds": f"{now - self._began:.0f}"}
        self._print(say("{n} of {all} cells, {seconds} s: {now}", **told, now=", ".join(at)))

    def _print(self, line: str) -> None:
        if self._stream is not None:
            print(line, file=self._stream, flush=True)


def _saved(folder: Path) -> dict[str, Path]:
    found = sorted(path for kind in (FIGURES, TABLES) for path in (folder / kind).glob("*/*"))
    return {path.relative_to(folder).as_posix(): path for path in found}


def _names(products: Sequence[_Product], kind: str) -> tuple[str, ...]:
    return tuple(sorted({name for product in products for name in product.folders(kind)}))


def _settle(results: Sequence[_Product | Failure], series: Series, out: Path) -> tuple[list[_Product], list[Failure]]:
    """Return what notebooks made, with the values of the tables between the marks of their prose, and which failed.

    One that makes a figure or table of the name of another fails, and one whose marks name nothing.
    """
    failures = [result for result in results if isinstance(result, Failure)]
    products: list[_Product] = []
    owners: dict[str, str] = {}
    for product in (result for result in results if isinstance(result, _Product)):
        name = product.notebook.name
        made = [each for kind in (FIGURES, TABLES) for each in product.folders(kind)]
        taken = next((each for each in made if each in owners or made.count(each) > 1), None)
        if taken is None:
            owners |= dict.fromkeys(made, name)
            products.append(product)
        else:
            failures.append(Failure(name, f"{taken!r} is made in {owners.get(taken, name)} too; rename one"))
    # Of notebooks that did not run, or not to their end, the tables of an earlier run stand.
    earlier = [series.folder, out] if failures or series.only else []
    tables = {name: path for folder in earlier for name, path in table_folders(folder).items()}
    tables |= {name: path for product in products for name, path in product.folders(TABLES).items()}
    look_up = look_up_in(tables)
    filled = []
    for product in products:
        try:
            filled.append(replace(product, notebook=product.notebook.filled(look_up)))
        except CorpusError as error:
            failures.append(Failure(product.notebook.name, str(error)))
    return filled, failures


class _Place:
    """The folder that a run writes to, and how it stood when the run began: what was changed since is not touched."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.changed: list[str] = []
        self.kept: list[str] = []
        self.removed: list[str] = []
        found = (*out.glob("*.ipynb"), *_saved(out).values())
        files = (path.relative_to(out).as_posix() for path in found if path.is_file())
        try:
            self._before = {file: self._digest(file) for file in files}
        except OSError as error:
            raise CorpusError(f"{error.filename}: cannot be read ({error.strerror})") from None

    def _digest(self, file: str) -> str:
        return sha256((self.out / file).read_bytes()).hexdigest()

    def is_as_before(self, file: str) -> bool:
        return file in self._before and self._before[file] == self._digest(file)

    def put(self, file: str, content: bytes) -> None:
        """Write a file, or keep it and write what is new beside it."""
        path = self.out / file
        if path.is_file() and not self.is_as_before(file) and path.read_bytes() != content:
            write_whole(path.with_name(f"{path.name}{BESIDE}"), content)
            self.kept.append(file)
        elif write_whole(path, content):
            self.changed.append(file)


def _keep_files(products: Sequence[_Product], place: _Place, *, is_whole: bool) -> None:
    """Put what notebooks made into its place, and remove what is not made any more.

    Gone are files of figures and tables that were made again, and, where all notebooks were run, the folders of others,
    as a run makes them: nothing else, and nothing that somebody changed.
    """
    new = {file: path for product in products for file, path in product.files.items()}
    folders = {file.rpartition("/")[0] for file in new}
    for folder in sorted(path for kind in (FIGURES, TABLES) for path in (place.out / kind).glob("*/")):
        name = folder.relative_to(place.out).as_posix()
        files = [file.relative_to(place.out).as_posix() for file in sorted(folder.iterdir())]
        sign = COLUMNS if name.startswith(TABLES) else f"{folder.name}.png"
        is_ours = {f"{name}/{DATA}", f"{name}/{sign}"} <= set(files) and all(map(place.is_as_before, files))
        if name in folders:
            gone = [file for file in files if file not in new and place.is_as_before(file)]
            place.changed += gone
        else:
            gone = files if is_whole and is_ours else []
            place.removed += [name] if gone else []
        for file in gone:
            (place.out / file).unlink()
        if gone == files:
            folder.rmdir()
    for file, path in new.items():
        place.put(file, path.read_bytes())
