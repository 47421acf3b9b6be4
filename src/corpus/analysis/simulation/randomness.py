"""Random numbers that stay the same over machines and versions of numpy.

numpy promises that the raw output of a bit generator never changes for a seed; it does not promise that of the
distributions (`numpy.random.Generator`), nor Python that of `random.sample` and its like. Therefore only raw outputs of
PCG64 are used, and everything else is made of them by exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
_T = TypeVar("_T")

_AT_ONCE = 1 << 14


class Stream:
    """A stream of random numbers: the same key gives the same stream.

    Parameters
    ----------
    *key : int
        A seed, 0 or more, and what tells this stream from others with the same seed.
    """

    __slots__ = ("_bits", "_buffer")

    def __init__(self, *key: int) -> None:
        self._bits = np.random.PCG64(key)
        self._buffer: list[float] = []

    def uniform(self, n: int) -> FloatArray:
        """Return n numbers, 0 or more and below 1, each a multiple of 2**-53."""
        numbers: FloatArray = (self._bits.random_raw(n) >> np.uint64(11)).astype(np.float64) * 2.0**-53
        return numbers

    def draw(self) -> float:
        """Return one number, 0 or more and below 1."""
        if not self._buffer:
            self._buffer = self.uniform(_AT_ONCE).tolist()
        return self._buffer.pop()

    def below(self, n: int) -> int:
        """Return an integer, 0 or more and below n."""
        return int(self.draw() * n)

    def between(self, least: int, most: int) -> int:
        """Return an integer from ``least`` to ``most``, both included."""
        return least + int(self.draw() * (most - least + 1))

    def chance(self, share: float) -> bool:
        """Return True in this share of the calls."""
        return self.draw() < share

    def pick(self, choices: Sequence[_T]) -> _T:
        """Return one of the choices."""
        return choices[int(self.draw() * len(choices))]

    def order(self, n: int) -> IntArray:
        """Return the numbers below n in random order."""
        shuffled: IntArray = np.argsort(self._bits.random_raw(n), kind="stable")
        return shuffled

    def sample(self, n: int, k: int) -> list[int]:
        """Return k different integers below n, in ascending order."""
        return sorted(self.order(n)[:k].tolist())
