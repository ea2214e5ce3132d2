"""Write every contract and fixture file in its one canonical form: two spaces, and one line for what fits in one.

Usage: python tools/format_schemas.py [--check] [FILE ...]   (default: all of schemas/ and fixtures/)
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

WIDTH = 120
ROOT = Path(__file__).parent.parent


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def render(value: Any, indent: int = 0, taken: int = 0) -> str:
    """The canonical text of `value`; `taken` is the width that its key has used on the line."""
    line = compact(value)
    if not isinstance(value, (dict, list)) or not value or (indent > 0 and indent + taken + len(line) < WIDTH):
        return line
    pad = " " * (indent + 2)
    if isinstance(value, dict):
        rows = []
        for key, item in value.items():
            name = json.dumps(key, ensure_ascii=False) + ": "
            rows.append(pad + name + render(item, indent + 2, len(name)))
        return "{\n" + ",\n".join(rows) + "\n" + " " * indent + "}"
    rows = [pad + render(item, indent + 2) for item in value]
    return "[\n" + ",\n".join(rows) + "\n" + " " * indent + "]"


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    named = [Path(name) for name in arguments if not name.startswith("--")]
    files = named or sorted([*ROOT.glob("schemas/**/*.json"), *ROOT.glob("fixtures/**/*.json")])
    stale = []
    for file in files:
        text = file.read_text(encoding="utf-8")
        wanted = render(json.loads(text)) + "\n"
        if text != wanted:
            stale.append(file)
            if not check:
                file.write_text(wanted, encoding="utf-8")
    if check and stale:
        print("not in canonical form (run tools/format_schemas.py):", *stale, sep="\n  ", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
