"""`check compare`: one scenario under several sets of assumptions, beside each other."""

from __future__ import annotations

from checker.commands.arguments import Parser, add_common, ids, path
from checker.commands.status import worst
from checker.commands.streams import deliver
from checker.report.formats import Document


def run(words: list[str]) -> int:
    parser = Parser(
        prog="check compare",
        description="Check one scenario under several sets of assumptions, and show them beside each other.",
        epilog="Exit status: 1 if any set has a contradiction, else as for check.",
    )
    parser.add_argument("path", type=path, metavar="SCENARIO")
    parser.add_argument(
        "--assume",
        type=ids,
        action="append",
        required=True,
        metavar="A,B",
        help="postulates and hypotheses on trial, in place of the scenario's own; once for each set",
    )
    add_common(parser)
    arguments = parser.parse_args(words)
    from checker.changes import Changes
    from checker.pipeline import Options, check

    options = Options(tuple(arguments.rules), arguments.sigma, arguments.limit, outlook=True)
    reports = [check(arguments.path, options, Changes(only=one)) for one in arguments.assume]
    deliver(Document(tuple(reports), compared=True), arguments.format, arguments.output)
    return worst(reports)
