"""`check explain`: what the packs say about a name, and what the code behind a message means."""

from __future__ import annotations

import difflib
import sys

from checker.commands.arguments import Parser, add_packs
from checker.commands.status import CONSISTENT
from checker.commands.streams import failed, write
from checker.errors import Mistake
from checker.report.explain import explain, known_names


def run(words: list[str]) -> int:
    parser = Parser(
        prog="check explain",
        description="Print what the packs say about a quantity, kind, constant or rule, or explain a code.",
    )
    parser.add_argument(
        "id", metavar="ID", help="its id, name or symbol, or the code in brackets behind a message or finding"
    )
    add_packs(parser)
    arguments = parser.parse_args(words)
    from checker.load import load_vocabulary, pack_name

    vocabulary = load_vocabulary(arguments.use, arguments.rules)
    text = explain(vocabulary, arguments.id, lambda path: pack_name(path, arguments.rules))
    if text is None:
        close = difflib.get_close_matches(arguments.id, known_names(vocabulary), n=1)
        hint = f"did you mean '{close[0]}'?" if close else None
        return failed(Mistake("unknown-name", f"'{arguments.id}' is not known", hint=hint))
    write(sys.stdout, text)
    return CONSISTENT
