"""Where the files that are not Python lie: beside `live/` in a checkout, inside the package once installed."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_INSIDE = PACKAGE / "_files"

ROOT = _INSIDE if _INSIDE.is_dir() else PACKAGE.parent
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
MIGRATIONS = ROOT / "migrations"
