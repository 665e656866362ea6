"""Words on the command line → a subcommand, and its exit status."""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Sequence
from importlib import import_module

from checker.commands.status import FAILED, INTERRUPTED
from checker.commands.streams import failed, unexpected, write
from checker.errors import InputError

SUBCOMMANDS = ("test", "compare", "plot", "graph", "why", "explain", "rules", "lint", "new", "schema")
"""Each is a module of `checker.commands`; without one of these words, it is `check`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `check` and return its exit status: 0 no contradiction, 1 contradiction, 2 could not run,
    3 undetermined, 130 interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    gc.set_threshold(
        100_000, 50, 50
    )  # records refer to each other in no circles: looking often finds nothing
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    name, rest = (words[0], words[1:]) if words[:1] and words[0] in SUBCOMMANDS else ("check", words)
    try:
        status: int = import_module(f"checker.commands.{name}").run(rest)
        write(sys.stdout, "")
    except SystemExit as stop:  # argparse has said what is wrong, or printed its help
        return stop.code if isinstance(stop.code, int) else FAILED
    except KeyboardInterrupt:  # before there was anything to report
        write(sys.stderr, "interrupted\n")
        return INTERRUPTED
    except InputError as error:
        return failed(*error.mistakes)
    except Exception as error:
        return failed(unexpected(error))
    return status
