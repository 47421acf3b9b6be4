"""What went wrong, said to a person: the one exception that the library raises on purpose."""

from __future__ import annotations


class CorpusError(Exception):
    """An input or a request that cannot be met; the message names the place and the remedy."""
