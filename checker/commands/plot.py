"""`check plot`: all that is said of one quantity, drawn."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from checker.commands.arguments import Parser, add_rules, path
from checker.commands.status import CONSISTENT
from checker.commands.streams import replace_file, write


def run(words: list[str]) -> int:
    parser = Parser(
        prog="check plot",
        description="Draw all that is said of one quantity: each claim with its doubt, and the joint fit.",
    )
    parser.add_argument("path", type=path, metavar="SCENARIO")
    parser.add_argument("quantity", metavar="QUANTITY", help="its path, such as helium.radius or helium.r")
    parser.add_argument(
        "--output", type=picture, metavar="FILE", help="a .svg or .png file (default: SVG to stdout)"
    )
    add_rules(parser)
    arguments = parser.parse_args(words)
    from checker.pipeline import Options, estimates
    from checker.report.plot import plot

    forest = estimates(arguments.path, arguments.quantity, Options(tuple(arguments.rules)))
    if arguments.output is None:
        write(sys.stdout, plot(forest, "svg").decode())
    else:
        replace_file(arguments.output, plot(forest, arguments.output.suffix[1:].lower()))
    return CONSISTENT


def picture(text: str) -> Path:
    if not text.lower().endswith((".svg", ".png")):
        raise argparse.ArgumentTypeError(f"a file that ends in .svg or .png is needed, not {text!r}")
    return Path(text)
