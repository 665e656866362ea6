"""`check graph`: what follows from what, drawn, or written for programs that draw."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from checker.commands.arguments import Parser, add_rules, path
from checker.commands.status import CONSISTENT
from checker.commands.streams import replace_file, write
from checker.errors import InputError, Mistake
from checker.excerpt import Surroundings
from checker.model import Contradiction, Excerpt, Report
from checker.report.wording import contradiction_line, count

SUFFIXES = {".svg": "svg", ".dot": "dot", ".gv": "dot", ".mmd": "mermaid", ".graphml": "graphml"}


def run(words: list[str]) -> int:
    parser = Parser(
        prog="check graph",
        description="Draw what follows from what: the claims of a scenario and the quantities between them.",
    )
    parser.add_argument("path", type=path, metavar="SCENARIO")
    parser.add_argument("--format", choices=tuple(_WRITERS), help="default: what FILE ends in, or svg")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the graph here, not to stdout")
    parser.add_argument(
        "--around",
        metavar="c1|QUANTITY",
        help="only the derivations of a contradiction, by its number or id, or one derivation of a quantity",
    )
    add_rules(parser)
    arguments = parser.parse_args(words)
    form = _format(arguments.output, arguments.format)
    from checker.pipeline import Options, check

    report = check(arguments.path, Options(tuple(arguments.rules), network=True))
    text = _WRITERS[form](*_excerpt(report, arguments.around, _MOST.get(form)))
    if arguments.output is None:
        write(sys.stdout, text)
    else:
        replace_file(arguments.output, text)
    return CONSISTENT


def _format(output: Path | None, form: str | None) -> str:
    of_name = SUFFIXES.get(output.suffix.lower()) if output else None
    if form and of_name and form != of_name:
        hint = f"--format {of_name}, or no --format at all"
        raise InputError(
            [Mistake("wrong-option", f"{output} is not the name of a file in the format {form}", hint=hint)]
        )
    if output and not form and not of_name:
        hint = f"a name that ends in {', '.join(SUFFIXES)}, or --format"
        raise InputError([Mistake("wrong-option", f"the name {output} does not tell the format", hint=hint)])
    return form or of_name or "svg"


def _excerpt(report: Report, around: str | None, most: int | None) -> tuple[Excerpt, str]:
    """What to draw, and its title."""
    assert report.network is not None
    surroundings = Surroundings(report.network)
    found = {one.id: one for one in (*report.contradictions, *report.tensions)}
    if around is None:
        return surroundings.whole(most), report.title
    one = found.get(around) or found.get(f"c{around}")
    if one is not None:
        return surroundings.contradiction(one), contradiction_line(one)
    if numbered := re.fullmatch(r"([ct]?)([0-9]+)", around):
        what = "tension" if numbered[1] == "t" else "contradiction"
        hint = f"it has {_numbered(report.contradictions, '')} and {_numbered(report.tensions, 't')}"
        message = f"{report.path} has no {what} number {numbered[2]}"
        raise InputError([Mistake("wrong-option", message, hint=hint)])
    from checker.asked import asked_for

    symbols = {path: node.symbol for path, node in surroundings.quantities.items()}
    path = asked_for(around, symbols, f"{report.path} has no contradiction and no quantity '{around}'")
    return surroundings.quantity(path), f"{path}: {report.title}"


def _numbered(found: Sequence[Contradiction], letter: str) -> str:
    """How many contradictions or tensions there are, with their numbers, which begin with a letter."""
    many, noun = len(found), "tension" if letter else "contradiction"
    if not many:
        return f"no {noun}"
    return f"{count(many, noun)} ({letter}1{f' to {letter}{many}' if many > 1 else ''})"


def _svg(excerpt: Excerpt, title: str) -> str:
    from checker.report.svg import to_svg

    return to_svg(excerpt, title)


def _dot(excerpt: Excerpt, title: str) -> str:
    from checker.report.diagrams import to_dot

    return to_dot(excerpt, title)


def _mermaid(excerpt: Excerpt, title: str) -> str:
    from checker.report.diagrams import to_mermaid

    return to_mermaid(excerpt)


def _graphml(excerpt: Excerpt, title: str) -> str:
    from checker.report.digraph import to_graphml

    return to_graphml(excerpt)


_WRITERS: dict[str, Callable[[Excerpt, str], str]] = {
    "svg": _svg,
    "dot": _dot,
    "mermaid": _mermaid,
    "graphml": _graphml,
}
_MOST = {"svg": 400, "mermaid": 70}
"""So many nodes are drawn at most; the other formats hold all. Mermaid draws no more than 500 arrows."""
