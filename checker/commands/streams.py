"""What is written where: reports to stdout or to files, whole or not at all; mistakes to stderr."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from checker.commands.status import FAILED
from checker.errors import InputError, Mistake, render
from checker.report.formats import FORMATS, SUFFIXES, Document


def deliver(document: Document, form: str | None, outputs: Sequence[Path]) -> None:
    """Write a report into each output, or to stdout where none is named, in the format that its name asks for
    or else in `form` (text). Nothing is written before all is there to be written."""
    formats = [_possible(name, document) for name in formats_of(form, outputs)]
    if not outputs:
        width, colour = page(document.width)
        write(sys.stdout, FORMATS[formats[0]](replace(document, width=width, colour=colour)))
        return
    for output, text in [(o, FORMATS[name](document)) for o, name in zip(outputs, formats, strict=True)]:
        replace_file(output, text)


def formats_of(form: str | None, outputs: Sequence[Path]) -> list[str]:
    """The formats that are asked for: one for each output, or the one for stdout."""
    return [_format(output, form) for output in outputs] or [form or "text"]


def _format(output: Path, form: str | None) -> str:
    suffix = output.suffix.lower()
    of_name = SUFFIXES.get(suffix, ())
    if form and of_name and form not in of_name:
        hint = f"--format {of_name[0]}, or no --format at all"
        raise InputError(
            [Mistake("wrong-option", f"{output} is not the name of a file in the format {form}", hint=hint)]
        )
    if suffix and not form and not of_name:
        hint = f"it can be {', '.join(SUFFIXES)}; --format says what goes into any other file"
        raise InputError([Mistake("wrong-option", f"no format has files that end in '{suffix}'", hint=hint)])
    return form or (of_name or ("text",))[0]


def _possible(form: str, document: Document) -> str:
    if document.compared and form not in ("text", "json", "html"):
        hint = "it is text, json or html"
        raise InputError([Mistake("wrong-option", f"a comparison is no {form}", hint=hint)])
    return form


def page(widest: int) -> tuple[int, bool]:
    """How many columns text on stdout has, at most so many, and whether it may have colours."""
    width = min(shutil.get_terminal_size((widest, 24)).columns, widest)
    return width, _is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")


def failed(*mistakes: Mistake) -> int:
    """Tell the mistakes on stderr, and the exit status that follows."""
    write(sys.stderr, "".join(f"{render(mistake).rstrip()}\n" for mistake in mistakes))
    return FAILED


def unexpected(error: Exception, when: str = "") -> Mistake:
    """A fault of this program, in one line; the traceback only for who asks for it."""
    if os.environ.get("CHECK_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return Mistake(
        "internal-error",
        f"internal error{when}: {what}",
        hint="please report it with the file that causes it; CHECK_DEBUG=1 shows the traceback",
    )


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def write(stream: TextIO | None, text: str) -> None:
    """Write at once. A reader who has gone (`| head`) or a closed stream has seen all it wants."""
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        _silence(stream)
    except OSError as error:
        _silence(stream)
        if stream is not sys.stderr:  # of a failing stderr there is nowhere to tell
            raise InputError(
                [Mistake("unwritable-file", f"cannot write to {stream.name}: {error.strerror}")]
            ) from error


def _silence(stream: TextIO) -> None:
    # What is left in the buffer would fail once more when the interpreter flushes it at its end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def replace_file(path: Path, content: str | bytes) -> None:
    """Write a file so that it is there whole or not at all; into what is no plain file, straight."""
    data = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        target = path.resolve()
        temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            temporary.write_bytes(data)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise InputError([Mistake("unwritable-file", f"cannot write {path}: {error.strerror}")]) from error
