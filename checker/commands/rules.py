"""`check rules`: the rules that packs have, and a search among all that they define."""

from __future__ import annotations

import difflib
import sys

from checker.commands.arguments import Parser, add_packs
from checker.commands.status import CONSISTENT, CONTRADICTION
from checker.commands.streams import failed, page, write
from checker.errors import Mistake
from checker.report.explain import known_names
from checker.report.listing import listing

WIDEST = 120


def run(words: list[str]) -> int:
    parser = Parser(
        prog="check rules",
        description="List the built-in rules; with words, what has all of them in it, quantities, kinds and "
        "constants too.",
        epilog="Exit status: 0 something was found, 1 nothing was, 2 a file is broken.",
    )
    parser.add_argument(
        "words", nargs="*", metavar="WORD", help="part of an id, claim or source, or a symbol"
    )
    add_packs(parser)
    arguments = parser.parse_intermixed_args(words)
    from checker.load import load_vocabulary, pack_name

    vocabulary = load_vocabulary(arguments.use, arguments.rules)
    width, _ = page(WIDEST)
    text = listing(vocabulary, arguments.words, lambda path: pack_name(path, arguments.rules), width)
    if text is None:
        said = " and ".join(f"'{word}'" for word in arguments.words)
        known = sorted(known_names(vocabulary))
        close = [one for word in arguments.words for one in difflib.get_close_matches(word, known, n=2)]
        hint = f"close to it: {', '.join(dict.fromkeys(close))}" if close else None
        failed(
            Mistake("unknown-name", f"nothing has {said} in it" if said else "there are no rules", hint=hint)
        )
        return CONTRADICTION
    write(sys.stdout, text)
    return CONSISTENT
