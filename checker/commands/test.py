"""`check test`: rules are tried on their examples, scenarios compared with what they expect."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.commands.arguments import Parser, add_rules, path
from checker.commands.status import CONSISTENT, CONTRADICTION
from checker.commands.streams import failed, unexpected, write
from checker.commands.targets import default_paths, is_scenario, targets
from checker.errors import InputError, Mistake
from checker.model import Broken
from checker.report.wording import count, one_line


@dataclass(frozen=True, slots=True)
class _Tested:
    """What became of one file: how much was compared in it, and what fell short of what was expected."""

    examples: int = 0
    scenarios: int = 0
    failures: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


def run(words: list[str]) -> int:
    arguments = _parser().parse_args(words)
    paths = arguments.paths or default_paths()
    results = [
        _Tested(mistakes=target.mistakes) if isinstance(target, Broken) else _tested(target, arguments.rules)
        for target in dict.fromkeys(targets(paths, lambda file: True))
    ]
    failures = [one_line(failure) for result in results for failure in result.failures]
    mistakes = [mistake for result in results for mistake in result.mistakes]
    examples = sum(result.examples for result in results)
    scenarios = sum(result.scenarios for result in results)
    compared = f"{count(examples, 'example')}, {count(scenarios, 'scenario')}"
    total = f"{compared}: {len(failures)} {'falls' if len(failures) == 1 else 'fall'} short"
    if examples + scenarios:
        write(sys.stdout, "".join(f"{line}\n" for line in (*failures, total)))
    elif not mistakes:
        mistakes = [
            Mistake("nothing-to-check", "nothing to test: the files hold no examples and no expectations")
        ]
    if mistakes:
        return failed(*mistakes)
    return CONTRADICTION if failures else CONSISTENT


def _parser() -> Parser:
    parser = Parser(
        prog="check test",
        description="Try rules on their examples, and compare scenarios with what they expect.",
        epilog="Exit status: 0 all as expected, 1 some fall short, 2 a file is broken or nothing was found.",
    )
    parser.add_argument(
        "paths",
        nargs="*",
        type=path,
        metavar="PATH",
        help="packs, scenarios or folders of them (default: the built-in rules, ./rules and ./scenarios)",
    )
    add_rules(parser)
    return parser


def _tested(file: Path, rules: Sequence[Path]) -> _Tested:
    from checker.load import load_scenario
    from checker.pipeline import Options, check_scenario
    from checker.verify import examples, expectations

    try:
        if not is_scenario(file):
            outcomes = examples([file], rules)
            failures = tuple(outcome.failure for outcome in outcomes if outcome.failure)
            return _Tested(examples=len(outcomes), failures=failures)
        scenario = load_scenario(file, rules)
        if scenario.expect is None:
            return _Tested()
        faults = expectations(check_scenario(scenario, Options()), scenario)
        return _Tested(scenarios=1, failures=(f"{file}: {'; '.join(faults)}",) if faults else ())
    except InputError as error:
        return _Tested(mistakes=error.mistakes)
    except Exception as error:
        return _Tested(mistakes=(unexpected(error, f" while testing {file}"),))
