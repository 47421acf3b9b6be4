"""One notebook in one kernel: a sealed room whose outputs depend on the notebook, the library and the data only."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from corpus.field.data_files import is_checkout
from corpus.publishing.evidence.provenance import NOTEBOOK

_KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}

# Nobody debugs this kernel, and the debugger would take half of the second that a kernel needs to start.
_LAUNCH = (
    "import sys; sys.modules['debugpy'] = None; "
    # It ends with the run, whatever ends that, where the system offers it (PR_SET_PDEATHSIG).
    "sys.platform == 'linux' and __import__('ctypes').CDLL(None).prctl(1, 9); "
    "from ipykernel.kernelapp import launch_new_instance; launch_new_instance()"
)

# What a Python process needs to find itself and its packages; nothing else of the caller's environment gets in.
_INHERITED = (
    *("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"),
    "MPLCONFIGDIR",  # where matplotlib keeps its list of fonts; its settings come from elsewhere
    *("PYTHONHOME", "PYTHONUSERBASE", "PYTHONNOUSERSITE", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE"),
    *("TEMP", "TMP", "SYSTEMROOT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PATHEXT", "COMSPEC"),
)
_FIXED = {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "LANG": "C.UTF-8",
    "SOURCE_DATE_EPOCH": "1577836800",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}

# The path of a socket may have 104 bytes on macOS and 108 on Linux; jupyter_client adds a number to it.
_SOCKET_PATH = 98

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class CellFailure(Exception):
    """A cell that did not end as it should.

    ``index`` counts all cells of the notebook from 0, and is None where no cell was reached; ``report`` is the
    traceback, or the kernel's last words.
    """

    def __init__(self, message: str, *, index: int | None, report: str = "") -> None:
        super().__init__(message)
        self.index = index
        self.report = report


@dataclass(frozen=True, slots=True)
class Room:
    """What a kernel finds around it.

    Attributes
    ----------
    settings : Path
        A private folder for what Jupyter, IPython and matplotlib would else read from the user's home, or write there.
    timeout_s : float
        Seconds that one cell may take.
    variables : mapping
        What stands in its environment besides what is fixed.
    """

    settings: Path
    timeout_s: float
    variables: Mapping[str, str] = field(default_factory=dict)


class _OwnKernel(KernelSpecManager):
    """Knows one kernel, this interpreter's, whatever is installed on the machine under the same name."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-c", _LAUNCH, "-f", "{connection_file}", "--HistoryManager.enabled=False"]
        return KernelSpec(argv=argv, display_name=_KERNELSPEC["display_name"], language=_KERNELSPEC["language"])


async def execute(text: str, folder: Path, *, room: Room, on_cell: Callable[[], object]) -> str:
    """Run the code cells of a notebook from top to bottom and return the notebook with their outputs.

    Parameters
    ----------
    text : str
        The notebook as it stands in its file. Its outputs and its kernel are not looked at.
    folder : Path
        Working folder of the kernel, called as the notebook.
    room : Room
    on_cell : callable
        Called after each cell.

    Returns
    -------
    str
        As JupyterLab saves it, without what differs from run to run: times, versions, the order of two streams.

    Raises
    ------
    CellFailure
        If a cell raises, exits, takes too long, or its kernel dies. Cells after it were not run.
    """
    notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    manager = _manager(room.settings)
    client = NotebookClient(notebook, km=manager, timeout=room.timeout_s, record_timing=False, coalesce_streams=True)
    client.log.disabled = True
    log = Path(manager.connection_file).with_suffix(".log")
    index = 0
    try:
        with log.open("wb") as stream:
            await client.async_start_new_kernel(
                cwd=str(folder), env=_environment(room, folder.name), stdout=stream, stderr=subprocess.STDOUT
            )
        try:
            kernel = await client.async_start_new_kernel_client()
        except RuntimeError as error:
            raise CellFailure("the kernel did not start", index=None, report=_tail(log)) from error
        for index, cell in enumerate(notebook.cells):
            kernel.session.metadata = {"cellId": cell.id}  # as JupyterLab sends it
            await client.async_execute_cell(cell, index, execution_count=client.code_cells_executed + 1)
            on_cell()
    except CellExecutionError as error:
        raise _raised(notebook.cells[index], index) from error
    except CellTimeoutError as error:
        raise CellFailure(f"took longer than {room.timeout_s:g} s", index=index) from error
    except DeadKernelError as error:
        if (task := asyncio.current_task()) and task.cancelling():  # nbclient takes a cancelled wait for this
            raise asyncio.CancelledError from error
        message = "the kernel died: the cell ended its process, or the system did (out of memory?)"
        raise CellFailure(message, index=index, report=_tail(log)) from error
    finally:
        if client.kc is not None:
            client.kc.stop_channels()
        await manager.shutdown_kernel(now=True)
    return _settled(notebook)


def _manager(settings: Path) -> AsyncKernelManager:
    """Return the manager of a kernel that is reached by sockets in the private folder, where the system allows it."""
    path = settings / uuid.uuid4().hex[:12]
    manager = AsyncKernelManager(kernel_spec_manager=_OwnKernel(), connection_file=f"{path}.json")
    if os.name == "posix" and _can_name_socket(str(path)):
        manager.transport, manager.ip = "ipc", str(path)
    return manager


def _can_name_socket(path: str) -> bool:
    """Tell whether a path is short enough for a socket, and the same for the system as for zmq, which knows UTF-8 only.

    In a locale like zh_CN.GB18030 the name of a folder is other characters than in the kernel, which reads UTF-8.
    """
    name = os.fsencode(path)
    return len(name) < _SOCKET_PATH and name == path.encode("utf-8", "replace")


def _environment(room: Room, notebook: str) -> dict[str, str]:
    settings = room.settings
    matplotlibrc = settings / "matplotlibrc"
    matplotlibrc.touch()
    library = [str(Path(__file__).resolve().parents[3])] if is_checkout() else []
    paths = [os.path.abspath(path) for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    return {
        **{name: os.environ[name] for name in _INHERITED if name in os.environ},
        **_FIXED,
        "PYTHONPATH": os.pathsep.join((*library, *paths)),
        "IPYTHONDIR": str(settings / "ipython"),
        "JUPYTER_CONFIG_DIR": str(settings / "jupyter"),
        "JUPYTER_DATA_DIR": str(settings / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(settings / "jupyter"),
        "MATPLOTLIBRC": str(matplotlibrc),
        NOTEBOOK: notebook,
        **room.variables,
    }


def _settled(notebook: nbformat.NotebookNode) -> str:
    notebook.metadata.kernelspec = _KERNELSPEC
    notebook.metadata.language_info = _LANGUAGE
    for cell in notebook.cells:
        for noise in ("execution", "ExecuteTime", "collapsed"):
            cell.metadata.pop(noise, None)
        if cell.cell_type == "code" and not cell.source.strip():
            cell.outputs, cell.execution_count = [], None
    text: str = nbformat.writes(notebook, version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    return f"{text}\n"


def _raised(cell: nbformat.NotebookNode, index: int) -> CellFailure:
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if not errors:
        return CellFailure("the cell ended itself", index=index)
    report = "\n".join(errors[-1].traceback)
    return CellFailure(f"{errors[-1].ename}: {errors[-1].evalue}", index=index, report=_COLOURS.sub("", report))


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
