"""What is written down of every passage of a panel while its reports are drafted."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from corpus.analysis.simulation.planting import Leftover

LAYERS = ("skeleton", "formula", "shared", "carried_over", "own", "own_or_carried")
SKELETON, FORMULA, SHARED, CARRIED_OVER, OWN, OWN_OR_CARRIED = range(6)
FORMS = ("title", "salutation", "lead", "heading", "sentence", "signature", "date")
TITLE, SALUTATION, LEAD, HEADING, SENTENCE, SIGNATURE, DATE = range(7)
CHANGES = ("kept", "renumbered", "reworded", "new")
KEPT, RENUMBERED, REWORDED, NEW = range(4)
NO_ROW = -1


@dataclass(slots=True)
class Standing:
    """A passage as it stands in one report, with what it was made of."""

    text: str
    unit: int
    form: int
    layer: int
    source: int = NO_ROW
    change: int = NEW
    moved: bool = False
    n_edits: int = 0
    rate: float = 0.0
    formula: int | None = None
    leftover: Leftover | None = None
    row: int = NO_ROW


class Truth:
    """What is written down of every passage while the reports of a panel are drafted."""

    columns = ("report", "start", "end", "layer", "form", "unit", "source", "change", "moved", "n_edits", "permille")

    def __init__(self, first_unit: int) -> None:
        self.rows = array("i")
        self.leftovers: list[tuple[int, int, int, str, str, bool]] = []
        self._next_unit = first_unit

    def new_unit(self) -> int:
        """Return the number of a sentence that stands nowhere yet."""
        self._next_unit += 1
        return self._next_unit - 1

    def note(self, report: int, start: int, standing: Standing, layer: int) -> None:
        """Write down where a passage stands, and that it is the row to lead back to."""
        standing.row = len(self.rows) // len(self.columns)
        end = start + len(standing.text)
        kind = (layer, standing.form, standing.unit, standing.source, standing.change, int(standing.moved))
        self.rows.extend((report, start, end, *kind, standing.n_edits, round(1000 * standing.rate)))
        if standing.leftover is not None:
            leftover = standing.leftover
            at = start + standing.text.index(leftover.quote)
            place = (at, at + len(leftover.quote))
            self.leftovers.append((report, *place, leftover.kind, leftover.quote, leftover.is_leftover))

    def lead_back(self, row: int, source: int) -> None:
        """Say of a row that its passage was made from that of another row."""
        self.rows[row * len(self.columns) + self.columns.index("source")] = source
