"""Reading labels of sentences: those of data/labels, or a form that a person has filled in."""

from __future__ import annotations

import csv
import io
from os import PathLike
from pathlib import Path

from corpus.errors import CorpusError
from corpus.field.data_files import data_path
from corpus.loading.files.decoding import UndecodableError, read_text
from corpus.report.values import LABELS, Label

_NEEDED = ("report_id", "start", "end", "coder", "label")


def load_labels(path: str | PathLike[str] | None = None) -> tuple[Label, ...]:
    """Return labels of sentences, in the order of the file.

    Parameters
    ----------
    path : path, optional
        A table (.csv) with the columns report_id, start, end, coder and label, as the filled form
        ``data/labels/coding_form.csv``. Without it: the labels of three of the five reports in
        ``data/labels/sentence_labels.csv``. These are two readings of a language model that followed one guide, not
        human coding, and whoever uses them says so.

    Returns
    -------
    tuple of Label
        Rows whose label is empty are not yet coded and are left out.

    Raises
    ------
    CorpusError
        If the table lacks a column or holds no label, or a row has another label, no coder or no span.

    Examples
    --------
    >>> import corpus
    >>> labels = corpus.validation.load_labels()
    >>> len(labels), labels[9].coder, labels[9].label
    (274, 'reading 2', 'specific')
    """
    file = data_path("labels", "sentence_labels.csv") if path is None else Path(path)
    if not file.is_file():
        raise CorpusError(f"{file}: there is no such file; check the path")
    try:
        text = read_text(file.read_bytes()).raw
    except UndecodableError as error:
        raise CorpusError(f"{file}: {error}; save the form as UTF-8") from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    lacking = [name for name in _NEEDED if name not in (rows.fieldnames or ())]
    if lacking:
        raise CorpusError(f"{file}: there is no column {lacking[0]!r}; keep the first line of the form")
    labels = tuple(_label(row, f"{file}, row {number}") for number, row in enumerate(rows, 2) if row["label"].strip())
    if not labels:
        raise CorpusError(f"{file}: no row has a label; fill in the column 'label'")
    return labels


def _label(row: dict[str, str], place: str) -> Label:
    label, coder = row["label"].strip().lower(), (row["coder"] or "").strip()
    known = {str(name): name for name in LABELS}
    if label not in known:
        raise CorpusError(f"{place}: {label!r} is no label; the labels are {', '.join(LABELS)}")
    if not coder:
        raise CorpusError(f"{place}: the column 'coder' is empty; write who coded it")
    try:
        start, end = int(row["start"]), int(row["end"])
    except ValueError:
        raise CorpusError(f"{place}: start and end are {row['start']!r} and {row['end']!r}, no whole numbers") from None
    return Label(row["report_id"].strip(), start, end, coder, known[label])
