"""`check why`: every way in which one quantity follows."""

from __future__ import annotations

import sys

from checker.commands.arguments import Parser, add_rules, path
from checker.commands.status import CONSISTENT
from checker.commands.streams import page, write

WIDEST = 100


def run(words: list[str]) -> int:
    parser = Parser(
        prog="check why",
        description="Tell every way in which one quantity follows, step by step, and whether these agree.",
    )
    parser.add_argument("path", type=path, metavar="SCENARIO")
    parser.add_argument("quantity", metavar="QUANTITY", help="its path, such as helium.radius or helium.r")
    add_rules(parser)
    arguments = parser.parse_args(words)
    from checker.pipeline import Options, ways_to
    from checker.report.why import why_text

    found = ways_to(arguments.path, arguments.quantity, Options(tuple(arguments.rules)))
    write(sys.stdout, why_text(found, *page(WIDEST)))
    return CONSISTENT
