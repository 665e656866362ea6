"""`check PATHS`: scenarios → a report, in as many files and formats as asked for."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from checker import __version__
from checker.accepted import Baseline, compared, read_baseline
from checker.commands.arguments import Parser, add_common, ids, path, setting
from checker.commands.status import INTERRUPTED, of_entry, worst
from checker.commands.streams import deliver, failed, formats_of, unexpected
from checker.commands.targets import is_scenario, targets
from checker.errors import InputError, Mistake
from checker.model import Broken, Report
from checker.report.formats import WITH_GRAPHS, Document

if TYPE_CHECKING:
    from checker.pipeline import Options


def run(words: list[str]) -> int:
    arguments = _parser().parse_intermixed_args(words)
    from checker.pipeline import Options

    options = Options(
        rules=tuple(arguments.rules),
        sigma=arguments.sigma,
        limit=arguments.limit,
        network=not WITH_GRAPHS.isdisjoint(formats_of(arguments.format, arguments.output)),
    )
    if arguments.drop or arguments.assume or arguments.set:
        return _what_if(arguments, options)
    baseline = read_baseline(arguments.baseline) if arguments.baseline else None
    entries: list[Report | Broken] = []
    chosen = list(dict.fromkeys(targets(arguments.paths, is_scenario)))
    inputs = {one.resolve() for one in chosen if not isinstance(one, Broken)}
    for output in arguments.output:
        if output.resolve() in inputs:
            return failed(
                Mistake("wrong-option", f"{output} is one of the files to check", hint="name another")
            )
    for target in chosen:
        entries.append(target if isinstance(target, Broken) else _checked(target, options, baseline))
        if _is_interrupted(entries[-1]):
            break
    for entry in entries:
        if isinstance(entry, Broken):
            failed(*entry.mistakes)
    deliver(Document(tuple(entries), proof=arguments.proof), arguments.format, arguments.output)
    if _is_interrupted(entries[-1]):
        return INTERRUPTED
    return worst(entries, arguments.fail_on == "tension")


def _what_if(arguments: argparse.Namespace, options: Options) -> int:
    """The report on one scenario with changes, and what they change."""
    from checker.changes import Changes
    from checker.difference import difference
    from checker.pipeline import check

    (path, *others) = arguments.paths
    if arguments.baseline is not None:
        return failed(
            Mistake("wrong-option", "--baseline is for scenarios as they stand, not for changed ones")
        )
    if others or path.is_dir():
        return failed(
            Mistake("wrong-option", "--drop, --assume and --set change one scenario", hint="name one file")
        )
    drop, assume = (
        tuple(id_ for ids in listed for id_ in ids) for listed in (arguments.drop, arguments.assume)
    )
    changes = Changes(drop=drop, assume=assume, set=tuple(arguments.set))
    options = replace(options, outlook=True)
    before, after = check(path, options), check(path, options, changes)
    said = [*(f"--drop {id_}" for id_ in drop), *(f"--assume {id_}" for id_ in assume)]
    said += [f"--set {name}={value}" for name, value in changes.set]
    document = Document((after,), difference(before, after), " ".join(said), arguments.proof)
    deliver(document, arguments.format, arguments.output)
    return of_entry(after, arguments.fail_on == "tension")


def _parser() -> Parser:
    parser = Parser(
        prog="check",
        description="Tell whether physical claims can all be true together, and what contradicts what.",
        epilog="Also: check test [PATHS], check compare SCENARIO, "
        "check plot SCENARIO QUANTITY, check graph SCENARIO, check why SCENARIO QUANTITY, check explain ID, "
        "check new rule|scenario NAME, check rules [WORD], check lint [PATHS], check schema rule|scenario. "
        "Exit status: 0 no contradiction, 1 contradiction, 2 could not run, 3 undetermined.",
    )
    parser.add_argument("paths", nargs="+", type=path, metavar="PATH", help="a scenario, or a folder of them")
    add_common(parser)
    parser.add_argument(
        "--baseline",
        type=Path,
        metavar="FILE",
        help="fail only on what this JSON report lacks",
    )
    parser.add_argument("--fail-on", choices=("tension",), help="exit with 1 for a tension as well")
    parser.add_argument(
        "--proof", action="store_true", help="show the combination of relations that is impossible"
    )
    what_if = parser.add_argument_group(
        "what if", "of one scenario, changed; tells what the change makes of it"
    )
    what_if.add_argument(
        "--drop", type=ids, action="append", default=[], metavar="PREMISE", help="without this premise"
    )
    what_if.add_argument(
        "--assume", type=ids, action="append", default=[], metavar="RULE", help="with this rule on trial too"
    )
    what_if.add_argument(
        "--set", type=setting, action="append", default=[], metavar="PATH=VALUE", help="with this value"
    )
    parser.add_argument("--version", action="version", version=f"check {__version__}")
    return parser


def _checked(path: Path, options: Options, baseline: Baseline | None) -> Report | Broken:
    """The report on one file; what is wrong with it does not stop the others."""
    from checker.pipeline import check

    try:
        report = check(path, options)
        return report if baseline is None else compared(report, baseline)
    except InputError as error:
        return Broken(str(path), error.mistakes)
    except Exception as error:
        return Broken(str(path), (unexpected(error, f" while checking {path}"),))


def _is_interrupted(entry: Report | Broken) -> bool:
    return isinstance(entry, Report) and entry.interrupted
