"""Wrong code: a few words of a function of the emulator are replaced, for as long as a context lasts.

The function object stays the same and only its code changes, so the edit holds wherever it was imported or registered.
"""

from __future__ import annotations
import __future__

import ast
import inspect
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any

PACKAGE = "mockserver"


class EditError(Exception):
    """An edit that does not fit the code any more; the text says which and why."""


@dataclass(frozen=True)
class Edit:
    """In the function `place`, like `services.paging:page` or `domain.table:Table.get`, `old` becomes `new`."""

    place: str
    old: str
    new: str
    more: tuple[tuple[str, str], ...] = ()
    """Further texts of the function, and what they become."""

    def __str__(self) -> str:
        return f"{self.place}: " + ", ".join(f"{old!r} becomes {new!r}" for old, new in self._replacements)

    @property
    def _replacements(self) -> tuple[tuple[str, str], ...]:
        return ((self.old, self.new), *self.more)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Wrong inside the block, right again behind it. Raises `EditError`."""
        function = self._function()
        kept = function.__code__
        function.__code__ = self._changed(function).__code__
        try:
            yield
        finally:
            function.__code__ = kept

    @property
    def _module(self) -> ModuleType:
        return import_module(f"{PACKAGE}.{self.place.partition(':')[0]}")

    @property
    def _names(self) -> list[str]:
        return self.place.partition(":")[2].split(".")

    def _function(self) -> FunctionType:
        found: Any = self._module
        for name in self._names:
            found = inspect.getattr_static(found, name, None)
        found = getattr(found, "fget", found)
        function = inspect.unwrap(found) if found is not None else None
        if not isinstance(function, FunctionType):
            raise EditError(f"no function {self.place}")
        return function

    def _changed(self, function: FunctionType) -> FunctionType:
        """The function with the edit, as its module would define it."""
        module = self._module
        definition = _definition(ast.parse(self._source()), self._names)
        definition.decorator_list = []
        tree = ast.Module([definition], [])
        code = compile(tree, function.__code__.co_filename, "exec", __future__.annotations.compiler_flag, True)
        scope: dict[str, Any] = {}
        exec(code, vars(module), scope)  # noqa: S102  (the module's own text, but for the edit)
        changed = scope[definition.name]
        assert isinstance(changed, FunctionType), "a function definition makes a function"
        return changed

    def _source(self) -> str:
        """The module's text with the edit. Raises `EditError`."""
        lines = inspect.getsource(self._module).splitlines(keepends=True)
        definition = _definition(ast.parse("".join(lines)), self._names)
        first, last = definition.lineno - 1, definition.end_lineno
        text = "".join(lines[first:last])
        for old, new in self._replacements:
            if text.count(old) != 1:
                raise EditError(f"{self.place} has {old!r} {text.count(old)} times, not once")
            text = text.replace(old, new)
        return "".join(lines[:first]) + text + "".join(lines[last:])


@contextmanager
def all_applied(edits: tuple[Edit, ...]) -> Iterator[None]:
    """Several edits at once. Raises `EditError`."""
    with ExitStack() as stack:
        for edit in edits:
            stack.enter_context(edit.applied())
        yield


def _definition(tree: ast.Module, names: list[str]) -> ast.FunctionDef:
    found: Any = tree
    for name in names:
        found = next((one for one in found.body if getattr(one, "name", None) == name), None)
        if found is None:
            break
    if not isinstance(found, ast.FunctionDef):
        raise EditError(f"no function {'.'.join(names)}")
    return found
