"""Paths on the command line → files, each named once, and a mistake for each path that names none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from checker.errors import Mistake
from checker.model import Broken

OWN = "rules", "scenarios"
"""Folders of the current one that are looked into where no paths are given."""

# Keys at the top of a scenario that a rule pack cannot have.
_SCENARIO_KEY = re.compile(
    rb"""^(?:\xef\xbb\xbf)?(?:\{\s*)?["']?(?:scenario|systems|given)["']?\s*:""", re.MULTILINE
)


def targets(paths: Sequence[Path], wanted: Callable[[Path], bool]) -> Iterator[Path | Broken]:
    """The files that the paths name, of folders those that are wanted; and the paths that name none."""
    for path in paths:
        try:
            path.stat()
        except OSError as error:
            code, why, hint = "unreadable-file", error.strerror, None
            if isinstance(error, FileNotFoundError):
                code, why, hint = "missing-file", "no such file or folder", _similar(path)
            yield Broken(str(path), (Mistake(code, f"{why}: {path}", hint=hint),))
            continue
        if path.is_dir():
            files = (file for file in path.rglob("*") if file.suffix in (".yaml", ".yml"))
            found = [file for file in sorted(files) if wanted(file)]
            if found:
                yield from found
            else:
                yield Broken(
                    str(path), (Mistake("nothing-to-check", f"nothing to check in the folder {path}"),)
                )
        elif path.is_file():
            yield path
        else:
            yield Broken(str(path), (Mistake("unreadable-file", f"not a regular file: {path}"),))


def default_paths() -> list[Path]:
    """What is looked at where no paths are given: the built-in rules, ./rules and ./scenarios."""
    from checker.load import builtin_rules

    built_in = builtin_rules()
    own = (folder for folder in map(Path, OWN) if folder.is_dir() and folder.resolve() != built_in.resolve())
    here = built_in.is_relative_to(Path.cwd())
    return [built_in.relative_to(Path.cwd()) if here else built_in, *own]


def _similar(path: Path) -> str | None:
    """The file beside a path that names none which was probably meant, as a question."""
    names = [file.name for file in path.parent.glob("*")] if path.parent.is_dir() else []
    close = get_close_matches(path.name, names[:1000], n=1)
    return f"did you mean {path.with_name(close[0])}?" if close else None


def is_scenario(file: Path) -> bool:
    """By a look at the keys at the start of lines; a file that cannot be read is taken for one, so that it
    is reported."""
    try:
        return file.is_file() and _SCENARIO_KEY.search(file.read_bytes()) is not None
    except OSError:
        return True
