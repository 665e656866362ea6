"""`check schema`: the JSON Schema of a file format, for editors."""

from __future__ import annotations

import sys

from checker.commands.arguments import Parser
from checker.commands.status import CONSISTENT
from checker.commands.streams import write
from checker.schema import FORMATS, schema_path


def run(words: list[str]) -> int:
    parser = Parser(
        prog="check schema",
        description="Print the JSON Schema of rule packs or scenarios, with which editors complete them.",
        epilog="In a file: # yaml-language-server: $schema=PATH, with the path from that file.",
    )
    parser.add_argument("format", choices=tuple(FORMATS), metavar="rule|scenario")
    arguments = parser.parse_args(words)
    write(sys.stdout, schema_path(arguments.format).read_text(encoding="utf-8"))
    return CONSISTENT
