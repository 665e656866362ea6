"""`check lint`: what is odd about packs and scenarios, although no check stumbles over it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from checker.commands.arguments import Parser, add_rules, path
from checker.commands.status import CONSISTENT, CONTRADICTION
from checker.commands.streams import failed, write
from checker.commands.targets import default_paths, is_scenario, targets
from checker.errors import InputError, Mistake
from checker.findings import FINDINGS
from checker.lint import File, lint
from checker.load import builtin_rules, load_pack, load_scenario
from checker.model import Broken
from checker.report.wording import count, one_line


def run(words: list[str]) -> int:
    parser = Parser(
        prog="check lint",
        description="Look for what is odd about packs and scenarios: rules that claim nothing, apply to "
        "nothing or say the same, names that will be mistaken for each other, and the like.",
        epilog=f"Findings: {', '.join(FINDINGS)}. Exit status: 0 none, 1 some, 2 a file is broken.",
    )
    parser.add_argument(
        "paths",
        nargs="*",
        type=path,
        metavar="PATH",
        help="packs, scenarios or folders of them (default: the built-in rules, ./rules and ./scenarios)",
    )
    add_rules(parser)
    arguments = parser.parse_args(words)
    files, mistakes = loaded(arguments.paths, arguments.rules)
    findings = lint(files)
    lines = [
        f"{one_line(str(one.location))}: {one_line(one.message)} [{one.code}]\n"
        + (f"  {one_line(one.hint)}\n" if one.hint else "")
        for one in findings
    ]
    total = f"{count(len(files), 'file')}: {count(len(findings), 'finding')}\n"
    write(sys.stdout, "".join((*lines, total)))
    if mistakes:
        return failed(*mistakes)
    return CONTRADICTION if findings else CONSISTENT


def loaded(paths: Sequence[Path], rules: Sequence[Path]) -> tuple[list[File], list[Mistake]]:
    """The files that can be read, those that are named or in the current folder as ours; and the mistakes."""
    files: list[File] = []
    mistakes: list[Mistake] = []
    built_in = builtin_rules()
    seen: set[Path] = set()
    for target in targets(paths or default_paths(), lambda file: True):
        if isinstance(target, Broken):
            mistakes += target.mistakes
            continue
        if target.resolve() in seen:
            continue
        seen.add(target.resolve())
        ours = bool(paths) or target.resolve().parent != built_in.resolve()
        ours = ours or Path("rules").resolve() == built_in.resolve()
        try:
            if is_scenario(target):
                scenario = load_scenario(target, rules)
                files.append(File(scenario.path, scenario.vocabulary, scenario, ours))
            else:
                files.append(File(str(target), load_pack(target, rules), None, ours))
        except InputError as error:
            mistakes += error.mistakes
    return files, list(dict.fromkeys(mistakes))
