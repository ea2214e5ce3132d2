"""Renew the files of Swagger UI that the reference page uses, from the npm package swagger-ui-dist.

Usage: python tools/vendor_docs.py [VERSION]   (default: the newest; needs npm, whose registry settings it uses)
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "swagger-ui-dist"
FILES = ("swagger-ui-bundle.js", "swagger-ui.css")
LICENCES = ("LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt")
PLACE = Path(__file__).parent.parent / "mockserver" / "docs_assets" / "swagger-ui"
SOURCE_MAP = re.compile(r"\n?(/\*# sourceMappingURL=\S+ ?\*/|//# sourceMappingURL=\S+)\s*")
FETCHED = {
    ".css": re.compile(r"@import[^;]*|url\((?!\s*[\"']?data:)[^)]*\)"),
    ".js": re.compile(r"\.src ?= ?[\"'`]https?:[^\"'`]*|fetch\([\"'`]https?:[^\"'`]*|import\([\"'`]https?:[^\"'`]*"),
}
"""What a browser would go and get on its own. The page's Content-Security-Policy forbids the rest."""


def main(arguments: list[str]) -> int:
    wanted = f"{PACKAGE}@{arguments[0]}" if arguments else PACKAGE
    with tempfile.TemporaryDirectory() as place:
        package = unpacked(wanted, Path(place))
        files = {name: without_source_map((package / name).read_text(encoding="utf-8")) for name in FILES}
        for name, text in files.items():
            if found := FETCHED[Path(name).suffix].search(text):
                print(f"{name} would fetch {found.group()[:200]}", file=sys.stderr)
                return 1
        PLACE.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (PLACE / name).write_text(text, encoding="utf-8")
        for name in LICENCES:
            shutil.copyfile(package / name, PLACE / name)
        version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    (PLACE / "VERSION").write_text(f"{PACKAGE} {version}\n", encoding="utf-8")
    print(f"{PACKAGE} {version} in {PLACE}")
    return 0


def unpacked(wanted: str, place: Path) -> Path:
    """The folder of a freshly downloaded package. Nothing of it is run."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not installed")
    subprocess.run([npm, "pack", "--silent", wanted], cwd=place, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(next(place.glob("*.tgz"))) as archive:
        archive.extractall(place, filter="data")
    return place / "package"


def without_source_map(text: str) -> str:
    return SOURCE_MAP.sub("\n", text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
