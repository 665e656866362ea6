"""`check new`: a file to begin with, which explains its keys and works as it stands."""

from __future__ import annotations

import os
import re
import shlex
import sys
from pathlib import Path
from urllib.parse import quote

from checker.commands.arguments import Parser
from checker.commands.status import CONSISTENT
from checker.commands.streams import write
from checker.errors import InputError, Mistake
from checker.layout import STATUS
from checker.schema import FORMATS, schema_path

TEMPLATES = Path(__file__).parent.parent / "templates"
MAX_LENGTH = 60
_NAME = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*", re.IGNORECASE | re.ASCII)


def run(words: list[str]) -> int:
    parser = Parser(
        prog="check new",
        description="Write a rule pack or scenario to begin with. It explains its keys, and works as it is.",
    )
    parser.add_argument("format", choices=tuple(FORMATS), metavar="rule|scenario")
    parser.add_argument("name", metavar="NAME", help="its name, or a path that ends in .yaml")
    arguments = parser.parse_args(words)
    path = _path(arguments.name)
    text = (TEMPLATES / f"{arguments.format}.yaml").read_text(encoding="utf-8")
    title = re.sub(r"[-_]", " ", path.stem)
    for word, meaning in {
        "@SCHEMA@": _address(schema_path(arguments.format), path.parent),
        "@NAME@": path.stem,
        "@TITLE@": title[:1].upper() + title[1:],
        "@FILE@": path.name,
        "@PATH@": shlex.quote(str(path)),
    }.items():
        text = text.replace(word, meaning)
    _create(path, text)
    command = "check test" if arguments.format == "rule" else "check"
    write(sys.stdout, f"{path} is written. Next: {command} {shlex.quote(str(path))}\n")
    return CONSISTENT


def _path(name: str) -> Path:
    """The file that a name or path asks for."""
    path = Path(name) if name.endswith(".yaml") else Path(f"{name}.yaml")
    hint = "a name has letters, digits, - and _; a path ends in .yaml"
    is_path = name.endswith(".yaml") and name.isprintable()  # it is quoted in comments
    if not (is_path or path.name == f"{name}.yaml") or not _NAME.fullmatch(path.stem):
        raise _refused("invalid-name", f"'{name}' is no name for a file of rules or a scenario", hint)
    if len(path.stem) > MAX_LENGTH:
        raise _refused("invalid-name", f"a name has at most {MAX_LENGTH} characters", hint)
    if path.stem in STATUS.choices:
        raise _refused("reserved-name", f"'{path.stem}' is a status, and cannot name a rule")
    return path


def _create(path: Path, text: str) -> None:
    """Write a file that is not there yet."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise _refused("existing-file", f"{path} exists already", "choose another name") from None
    except OSError as error:
        raise _refused("unwritable-file", f"cannot write {path}: {error.strerror}") from error


def _refused(code: str, message: str, hint: str | None = None) -> InputError:
    return InputError([Mistake(code, message, hint=hint)])


def _address(schema: Path, folder: Path) -> str:
    """Where an editor finds the schema: a path from the new file where both lie below the current folder."""
    here = Path.cwd()
    if schema.is_relative_to(here) and folder.resolve().is_relative_to(here):
        return quote(Path(os.path.relpath(schema, folder.resolve())).as_posix())
    return schema.as_uri()
