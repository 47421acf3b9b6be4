"""From tables to figures: the look they share, what travels with one, and a room for each notebook."""

from __future__ import annotations

import logging

# Matplotlib speaks of its cache on standard error, and so in a notebook: where a machine has many fonts to list, and
# where the home folder cannot be written. Neither touches a figure, for the font is the project's own.
_CACHE_NEWS = ("building the font cache", "temporary cache directory", "not a writable directory", "mkdir -p failed")


def _is_no_cache_news(record: logging.LogRecord) -> bool:
    return not any(words in str(record.msg) for words in _CACHE_NEWS)


for _name in ("matplotlib", "matplotlib.font_manager"):
    logging.getLogger(_name).addFilter(_is_no_cache_news)
