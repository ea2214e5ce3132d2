"""Properties that hold of every operation by its document, one module each, found by name; `registry` says how."""

from contracts.properties import (
    bounds,
    defaults,
    filters,
    language,
    messages,
    money,
    nullish,
    paging,
    permissions,
    strangers,
    windows,
)

__all__ = [
    "bounds",
    "defaults",
    "filters",
    "language",
    "messages",
    "money",
    "nullish",
    "paging",
    "permissions",
    "strangers",
    "windows",
]
