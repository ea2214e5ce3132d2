"""Operation documents as read from disk: references resolved, one view for each site."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

Json = Any
Document = dict[str, Any]

SITES = ("cn", "intl")
_decode = msgspec.json.Decoder().decode


class ContractError(Exception):
    """A contract file that cannot be used; the text names the file and what is wrong."""


def read_json(file: Path) -> Json:
    """One contract file. Raises `ContractError` naming it."""
    try:
        return _decode(file.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise ContractError(f"{file}: {error}") from None


class Components:
    """The shared schemas of `schemas/components/`, by file name and definition."""

    def __init__(self, folders: list[Path]) -> None:
        self._files: dict[str, Document] = {}
        for folder in folders:
            for file in sorted(folder.glob("components/*.json")):
                self._files[file.name] = {**self._files.get(file.name, {}), **read_json(file)}

    def __iter__(self) -> Any:
        return iter(self._files.items())

    def get(self, reference: str) -> Document:
        """The definition behind `../../components/<file>#/<name>`, or behind the `<file>#/<name>` of a sibling."""
        name, _, pointer = reference.partition("#/")
        try:
            definition = self._files[Path(name).name]
            for part in pointer.split("/"):
                definition = definition[part]
        except (KeyError, TypeError):
            raise ContractError(f"no component {reference!r}") from None
        return dict(definition)

    def resolve(self, schema: Json) -> Json:
        """A copy of `schema` without references. Siblings of a `$ref` stand above what it points to: by the form
        of the documents they only narrow or annotate it."""
        if isinstance(schema, list):
            return [self.resolve(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        plain = {key: self.resolve(value) for key, value in schema.items() if key != "$ref"}
        reference = schema.get("$ref")
        return {**self.resolve(self.get(reference)), **plain} if isinstance(reference, str) else plain


def on_site(schema: Json, site: str) -> Json:
    """The schema as `site` has it: `x-cn`/`x-intl` keywords in place, fields of the other site gone."""
    if isinstance(schema, list):
        return [on_site(item, site) for item in schema]
    if not isinstance(schema, dict):
        return schema
    own = {**schema, **schema.get(f"x-{site}", {})}
    view = {key: on_site(value, site) for key, value in own.items() if key not in ("x-cn", "x-intl")}
    properties = view.get("properties")
    if isinstance(properties, dict):
        kept = {name: field for name, field in properties.items() if exists_on(field, site)}
        view["properties"] = kept
        if "required" in view:
            view["required"] = [name for name in view["required"] if name in kept or name not in properties]
    return view


def exists_on(part: Json, site: str) -> bool:
    """Whether a field, a parameter or an error row exists on `site`."""
    if not isinstance(part, Mapping):
        return True
    return site in (part.get("x-site") or part.get("site") or SITES)
