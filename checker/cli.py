"""Words on the command line → a report on stdout, everything else on stderr, and an exit status."""

from __future__ import annotations

import argparse
import difflib
import gc
import io
import math
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from checker import __version__
from checker.errors import InputError, Mistake, render
from checker.model import Report
from checker.report.explain import explain, known_names
from checker.report.json import Broken, to_json
from checker.report.text import one_line, summary, to_text

if TYPE_CHECKING:
    from checker.pipeline import Options

CONSISTENT, CONTRADICTION, FAILED, UNDETERMINED = 0, 1, 2, 3
INTERRUPTED = 130

_BY_VERDICT = {
    "no contradiction": CONSISTENT,
    "contradiction": CONTRADICTION,
    "undetermined": UNDETERMINED,
}
_WORST_FIRST = (FAILED, CONTRADICTION, UNDETERMINED, CONSISTENT)

# Keys at the top of a scenario that a rule pack cannot have.
_SCENARIO_KEY = re.compile(
    rb"""^(?:\xef\xbb\xbf)?(?:\{\s*)?["']?(?:scenario|systems|given)["']?\s*:""", re.MULTILINE
)

_WIDEST = 100


def main(argv: Sequence[str] | None = None) -> int:
    """Run `check` and return its exit status: 0 no contradiction, 1 contradiction, 2 could not run,
    3 undetermined, 130 interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    gc.set_threshold(
        100_000, 50, 50
    )  # records refer to each other in no circles: looking often finds nothing
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _run(words)
        _write(sys.stdout, "")
    except KeyboardInterrupt:
        return INTERRUPTED
    except InputError as error:
        return _failed(*error.mistakes)
    except Exception as error:
        return _failed(_unexpected(error))
    return status


def _run(words: list[str]) -> int:
    try:
        if words[:1] == ["test"]:
            return _test(words[1:])
        if words[:1] == ["compare"]:
            return _compare(words[1:])
        if words[:1] == ["plot"]:
            return _plot(words[1:])
        if words[:1] == ["explain"]:
            return _explain(words[1:])
        return _check(words)
    except SystemExit as stop:  # argparse has said what is wrong, or printed its help
        return stop.code if isinstance(stop.code, int) else FAILED


# ---------------------------------------------------------------- check PATHS


def _check(words: list[str]) -> int:
    arguments = _check_parser().parse_intermixed_args(words)
    from checker.pipeline import Options

    options = Options(rules=tuple(arguments.rules), sigma=arguments.sigma, limit=arguments.limit)
    if arguments.drop or arguments.assume or arguments.set:
        return _what_if(arguments, options)
    entries: list[Report | Broken] = []
    for target in dict.fromkeys(_targets(arguments.paths, _is_scenario)):
        entries.append(target if isinstance(target, Broken) else _checked(target, options))
        if _is_interrupted(entries[-1]):
            break
    for entry in entries:
        if isinstance(entry, Broken):
            _failed(*entry.mistakes)
    _deliver(_formatted(entries, arguments.format, arguments.output is not None, arguments.proof), arguments)
    if _is_interrupted(entries[-1]):
        return INTERRUPTED
    statuses = {_status(entry, arguments.fail_on == "tension") for entry in entries}
    return next(status for status in _WORST_FIRST if status in statuses)


def _what_if(arguments: argparse.Namespace, options: Options) -> int:
    """The report on one scenario with changes, and what they change."""
    from checker.changes import Changes
    from checker.difference import difference
    from checker.pipeline import check
    from checker.report.beside import difference_text

    (path, *others) = arguments.paths
    if others or path.is_dir():
        return _failed(Mistake("--drop, --assume and --set change one scenario", hint="name one file"))
    drop, assume = (
        tuple(id_ for ids in listed for id_ in ids) for listed in (arguments.drop, arguments.assume)
    )
    changes = Changes(drop=drop, assume=assume, set=tuple(arguments.set))
    options = replace(options, outlook=True)
    before, after = check(path, options), check(path, options, changes)
    found = difference(before, after)
    if arguments.format == "json":
        text = to_json([after], found)
    else:
        width, colour = _page(arguments.output is not None)
        said = [*(f"--drop {id_}" for id_ in drop), *(f"--assume {id_}" for id_ in assume)]
        said += [f"--set {name}={value}" for name, value in changes.set]
        text = to_text(after, width, colour, arguments.proof)
        text += "\n" + difference_text(found, after, " ".join(said), width, colour)
    _deliver(text, arguments)
    return _status(after, arguments.fail_on == "tension")


def _check_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="check",
        description="Tell whether physical claims can all be true together, and what contradicts what.",
        epilog="Also: check test [PATHS], check compare SCENARIO, "
        "check plot SCENARIO QUANTITY, check explain ID. "
        "Exit status: 0 no contradiction, 1 contradiction, 2 could not run, 3 undetermined.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "paths", nargs="+", type=_path, metavar="PATH", help="a scenario, or a folder of them"
    )
    _add_common(parser)
    parser.add_argument("--fail-on", choices=("tension",), help="exit with 1 for a tension as well")
    parser.add_argument(
        "--proof", action="store_true", help="show the combination of relations that is impossible"
    )
    what_if = parser.add_argument_group(
        "what if", "of one scenario, changed; tells what the change makes of it"
    )
    what_if.add_argument(
        "--drop", type=_ids, action="append", default=[], metavar="PREMISE", help="without this premise"
    )
    what_if.add_argument(
        "--assume", type=_ids, action="append", default=[], metavar="RULE", help="with this rule on trial too"
    )
    what_if.add_argument(
        "--set", type=_setting, action="append", default=[], metavar="PATH=VALUE", help="with this value"
    )
    parser.add_argument("--version", action="version", version=f"check {__version__}")
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the report here, not to stdout")
    _add_rules(parser)
    parser.add_argument(
        "--sigma",
        type=_sigma,
        default=(3.0, 5.0),
        metavar="T,C",
        help="standard deviations that make a tension and a contradiction (default 3,5)",
    )
    parser.add_argument(
        "--limit",
        type=_positive,
        default=1000,
        metavar="N",
        help="stop after N contradictions (default 1000)",
    )


def _ids(text: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in text.split(","))
    if not all(words):
        raise argparse.ArgumentTypeError(f"ids with commas between them are needed, not {text!r}")
    return words


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name.strip() and equals and value.strip()):
        raise argparse.ArgumentTypeError(f"PATH=VALUE is needed, such as helium.radius='31 pm', not {text!r}")
    return name.strip(), value.strip()


def _path(text: str) -> Path:
    if not text:  # as Path, it would be the current folder
        raise argparse.ArgumentTypeError("a path is empty")
    return Path(text)


def _add_rules(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rules", type=_folder, action="append", default=[], metavar="DIR", help="look for packs here too"
    )


def _folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"no such folder: {text}")
    return path


def _sigma(text: str) -> tuple[float, float]:
    try:
        tension, contradiction = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"two numbers such as 3,5 are needed, not {text!r}") from None
    if not 0 < tension <= contradiction < math.inf:
        raise argparse.ArgumentTypeError(f"0 < tension <= contradiction is needed, not {text!r}")
    return tension, contradiction


def _positive(text: str) -> int:
    if not text.isdecimal() or not 0 < len(text) < 10 or int(text) == 0:
        raise argparse.ArgumentTypeError(f"a positive whole number is needed, not {text!r}")
    return int(text)


def _targets(paths: Sequence[Path], wanted: Callable[[Path], bool]) -> Iterator[Path | Broken]:
    """The files that the paths name, of folders those that are wanted; and the paths that name none."""
    for path in paths:
        try:
            path.stat()
        except OSError as error:
            why = "no such file or folder" if isinstance(error, FileNotFoundError) else error.strerror
            yield Broken(str(path), (Mistake(f"{why}: {path}"),))
            continue
        if path.is_dir():
            files = (file for file in path.rglob("*") if file.suffix in (".yaml", ".yml"))
            found = [file for file in sorted(files) if wanted(file)]
            if found:
                yield from found
            else:
                yield Broken(str(path), (Mistake(f"nothing to check in the folder {path}"),))
        elif path.is_file():
            yield path
        else:
            yield Broken(str(path), (Mistake(f"not a regular file: {path}"),))


def _is_scenario(file: Path) -> bool:
    """By a look at the keys at the start of lines; a file that cannot be read is taken for one, so that it
    is reported."""
    try:
        return file.is_file() and _SCENARIO_KEY.search(file.read_bytes()) is not None
    except OSError:
        return True


def _checked(path: Path, options: Options) -> Report | Broken:
    """The report on one file; what is wrong with it does not stop the others."""
    from checker.pipeline import check

    try:
        return check(path, options)
    except InputError as error:
        return Broken(str(path), error.mistakes)
    except Exception as error:
        return Broken(str(path), (_unexpected(error, f" while checking {path}"),))


def _formatted(entries: Sequence[Report | Broken], form: str, to_file: bool, proof: bool) -> str:
    if form == "json":
        return to_json(entries)
    width, colour = _page(to_file)
    if len(entries) > 1:
        return summary(entries, width, colour)
    whole = [entry for entry in entries if not isinstance(entry, Broken)]
    return "".join(to_text(entry, width, colour, proof) for entry in whole)


def _page(to_file: bool) -> tuple[int, bool]:
    """How wide a page of text is, and whether it has colours."""
    width = _WIDEST if to_file else min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    return width, not to_file and _is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")


def _deliver(text: str, arguments: argparse.Namespace) -> None:
    if arguments.output is None:
        _write(sys.stdout, text)
    else:
        _replace(arguments.output, text)


def _is_interrupted(entry: Report | Broken) -> bool:
    return isinstance(entry, Report) and entry.interrupted


def _status(entry: Report | Broken, tension_fails: bool) -> int:
    if isinstance(entry, Broken):
        return FAILED
    if tension_fails and entry.tensions:
        return CONTRADICTION
    return _BY_VERDICT[entry.verdict]


# ---------------------------------------------------------------- check test


@dataclass(frozen=True, slots=True)
class _Tested:
    """What became of one file: how much was compared in it, and what fell short of what was expected."""

    examples: int = 0
    scenarios: int = 0
    failures: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


def _test(words: list[str]) -> int:
    arguments = _test_parser().parse_args(words)
    from checker.load import builtin_rules

    paths = arguments.paths or [builtin_rules(), *filter(Path.is_dir, [Path("scenarios")])]
    results = [
        _Tested(mistakes=target.mistakes) if isinstance(target, Broken) else _tested(target, arguments.rules)
        for target in dict.fromkeys(_targets(paths, lambda file: True))
    ]
    failures = [one_line(failure) for result in results for failure in result.failures]
    mistakes = [mistake for result in results for mistake in result.mistakes]
    examples = sum(result.examples for result in results)
    scenarios = sum(result.scenarios for result in results)
    total = f"{examples} examples, {scenarios} scenarios: {len(failures)} fall short"
    _write(sys.stdout, "".join(f"{line}\n" for line in (*failures, total)))
    if not mistakes and not examples + scenarios:
        mistakes = [Mistake("nothing to test: the files hold no examples and no expectations")]
    if mistakes:
        return _failed(*mistakes)
    return CONTRADICTION if failures else CONSISTENT


def _test_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="check test",
        description="Try rules on their examples, and compare scenarios with what they expect.",
        epilog="Exit status: 0 all as expected, 1 some fall short, 2 a file is broken or nothing was found.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "paths",
        nargs="*",
        type=_path,
        metavar="PATH",
        help="packs, scenarios or folders of them (default: the built-in rules, and ./scenarios)",
    )
    _add_rules(parser)
    return parser


def _tested(file: Path, rules: Sequence[Path]) -> _Tested:
    from checker.load import load_scenario
    from checker.pipeline import Options, check_scenario
    from checker.verify import examples, expectations

    try:
        if not _is_scenario(file):
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
        return _Tested(mistakes=(_unexpected(error, f" while testing {file}"),))


# ---------------------------------------------------------------- check compare


def _compare(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="check compare",
        description="Check one scenario under several sets of assumptions, and show them beside each other.",
        epilog="Exit status: 1 if any set has a contradiction, else as for check.",
        allow_abbrev=False,
    )
    parser.add_argument("path", type=_path, metavar="SCENARIO")
    parser.add_argument(
        "--assume",
        type=_ids,
        action="append",
        required=True,
        metavar="A,B",
        help="postulates and hypotheses on trial, in place of the scenario's own; once for each set",
    )
    _add_common(parser)
    arguments = parser.parse_args(words)
    from checker.changes import Changes
    from checker.pipeline import Options, check
    from checker.report.beside import comparison_text

    options = Options(tuple(arguments.rules), arguments.sigma, arguments.limit, outlook=True)
    reports = [check(arguments.path, options, Changes(only=one)) for one in arguments.assume]
    if arguments.format == "json":
        text = to_json(reports)
    else:
        text = comparison_text(reports, *_page(arguments.output is not None))
    _deliver(text, arguments)
    statuses = {_status(report, False) for report in reports}
    return next(status for status in _WORST_FIRST if status in statuses)


# ---------------------------------------------------------------- check plot


def _plot(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="check plot",
        description="Draw all that is said of one quantity: each claim with its doubt, and the joint fit.",
        allow_abbrev=False,
    )
    parser.add_argument("path", type=_path, metavar="SCENARIO")
    parser.add_argument("quantity", metavar="QUANTITY", help="its path, such as helium.radius")
    parser.add_argument(
        "--output", type=_picture, metavar="FILE", help="a .svg or .png file (default: SVG to stdout)"
    )
    _add_rules(parser)
    arguments = parser.parse_args(words)
    from checker.pipeline import Options, estimates
    from checker.report.plot import plot

    forest = estimates(arguments.path, arguments.quantity, Options(tuple(arguments.rules)))
    if arguments.output is None:
        _write(sys.stdout, plot(forest, "svg").decode())
    else:
        _replace(arguments.output, plot(forest, arguments.output.suffix[1:].lower()))
    return CONSISTENT


def _picture(text: str) -> Path:
    if not text.lower().endswith((".svg", ".png")):
        raise argparse.ArgumentTypeError(f"a file that ends in .svg or .png is needed, not {text!r}")
    return Path(text)


# ---------------------------------------------------------------- check explain


def _explain(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="check explain",
        description="Print what the packs say about a rule, quantity, kind or constant.",
        allow_abbrev=False,
    )
    parser.add_argument("id", metavar="ID", help="its id, name or symbol")
    parser.add_argument(
        "--use",
        action="append",
        default=[],
        metavar="PACK",
        help="a pack to look in instead of the built-in ones",
    )
    _add_rules(parser)
    arguments = parser.parse_args(words)
    from checker.load import load_vocabulary

    vocabulary = load_vocabulary(arguments.use, arguments.rules)
    text = explain(vocabulary, arguments.id)
    if text is None:
        close = difflib.get_close_matches(arguments.id, known_names(vocabulary), n=1)
        hint = f"did you mean '{close[0]}'?" if close else None
        return _failed(Mistake(f"'{arguments.id}' is not known", hint=hint))
    _write(sys.stdout, text)
    return CONSISTENT


# ---------------------------------------------------------------- streams and files


def _failed(*mistakes: Mistake) -> int:
    """Tell the mistakes on stderr, and the exit status that follows."""
    _write(sys.stderr, "".join(f"{render(mistake).rstrip()}\n" for mistake in mistakes))
    return FAILED


def _unexpected(error: Exception, when: str = "") -> Mistake:
    """A fault of this program, in one line; the traceback only for who asks for it."""
    if os.environ.get("CHECK_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return Mistake(
        f"internal error{when}: {what}",
        hint="please report it with the file that causes it; CHECK_DEBUG=1 shows the traceback",
    )


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def _write(stream: TextIO | None, text: str) -> None:
    """Write at once. A reader who has gone (`| head`) or a closed stream has seen all it wants."""
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        _silence(stream)
    except OSError as error:
        _silence(stream)
        if stream is not sys.stderr:  # of a failing stderr there is nowhere to tell
            raise InputError([Mistake(f"cannot write to {stream.name}: {error.strerror}")]) from error


def _silence(stream: TextIO) -> None:
    # What is left in the buffer would fail once more when the interpreter flushes it at its end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _replace(path: Path, content: str | bytes) -> None:
    """Write a file so that it is there whole or not at all; into what is no plain file, straight."""
    data = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        target = path.resolve()
        temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            temporary.write_bytes(data)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise InputError([Mistake(f"cannot write {path}: {error.strerror}")]) from error
