"""Words on the command line → values: the arguments that several subcommands share."""

from __future__ import annotations

import argparse
import math
import re
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from checker.errors import InputError, Mistake
from checker.report.formats import FORMATS


class Parser(argparse.ArgumentParser):
    """Options are written out; a word that has no place is a mistake like one in a file."""

    def __init__(self, prog: str, description: str, epilog: str | None = None) -> None:
        super().__init__(prog=prog, description=description, epilog=epilog, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        unknown = re.match(r"unrecognized arguments: ([^\s=]+)", message)
        close = get_close_matches(unknown[1], self._option_string_actions, n=1) if unknown else []
        hint = f"did you mean {close[0]}?" if close else f"{self.prog} --help shows what there is"
        raise InputError([Mistake("wrong-option", message, hint=hint)])


def add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=tuple(FORMATS), help="default: what FILE ends in, or text")
    parser.add_argument(
        "--output",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="write the report here, not to stdout; several times for several files",
    )
    add_rules(parser)
    parser.add_argument(
        "--sigma",
        type=sigma,
        default=(3.0, 5.0),
        metavar="T,C",
        help="standard deviations that make a tension and a contradiction (default 3,5)",
    )
    parser.add_argument(
        "--limit",
        type=positive,
        default=1000,
        metavar="N",
        help="stop after N contradictions (default 1000)",
    )


def ids(text: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in text.split(","))
    if not all(words):
        raise argparse.ArgumentTypeError(f"ids with commas between them are needed, not {text!r}")
    return words


def setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name.strip() and equals and value.strip()):
        raise argparse.ArgumentTypeError(f"PATH=VALUE is needed, such as helium.radius='31 pm', not {text!r}")
    return name.strip(), value.strip()


def path(text: str) -> Path:
    if not text:  # as Path, it would be the current folder
        raise argparse.ArgumentTypeError("a path is empty")
    return Path(text)


def add_packs(parser: argparse.ArgumentParser) -> None:
    """Which packs to look in: the built-in ones unless others are named, which folders may have."""
    parser.add_argument(
        "--use",
        action="append",
        default=[],
        metavar="PACK",
        help="a pack to look in instead of the built-in ones",
    )
    add_rules(parser)


def add_rules(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rules", type=folder, action="append", default=[], metavar="DIR", help="look for packs here too"
    )


def folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"no such folder: {text}")
    return path


def sigma(text: str) -> tuple[float, float]:
    try:
        tension, contradiction = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"two numbers such as 3,5 are needed, not {text!r}") from None
    if not 0 < tension <= contradiction < math.inf:
        raise argparse.ArgumentTypeError(f"0 < tension <= contradiction is needed, not {text!r}")
    return tension, contradiction


def positive(text: str) -> int:
    if not text.isdecimal() or not 0 < len(text) < 10 or int(text) == 0:
        raise argparse.ArgumentTypeError(f"a positive whole number is needed, not {text!r}")
    return int(text)
