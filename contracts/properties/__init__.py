"""Properties that hold of every operation by its document, one module each, found by name; `registry` says how."""

from contracts.properties import (
    bounds,
    completeness,
    defaults,
    filters,
    ignored,
    language,
    messages,
    money,
    nullish,
    paging,
    permissions,
    strangers,
    unknown,
    windows,
)

__all__ = [
    "bounds",
    "completeness",
    "defaults",
    "filters",
    "ignored",
    "language",
    "messages",
    "money",
    "nullish",
    "paging",
    "permissions",
    "strangers",
    "unknown",
    "windows",
]
