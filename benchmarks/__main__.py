"""`python -m benchmarks` → a table of times, ratios, and which figures are reached, on standard output."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measure import Timing, take_turns
from benchmarks.rows import ROWS, Figure, Row

LIBRARIES = (
    "z3-solver",
    "python-sat",
    "sympy",
    "ortools",
    "faultdiagnosistoolbox",
    "PyYAML",
    "networkx",
)
COLUMNS = ("who", "median", "±", "times ours", "figure to reach", "reached")
WIDTHS = (46, 24, 6, 12, 20, 7)

NOTES = """\
Processor time, medians of rounds in which all take turns; ± is half the range. From the claims of a scenario
that is loaded: ours compiles them to normal form, solves and finds the conflicts. z3 and sympy get that
normal form for free; building their terms is timed. z3: smt.arith.solver=2 where not said otherwise; minimal
means smt.core.minimize=true, any core that it is off, so that the core need not be minimal. MARCO has z3 with
logarithms. sympy.solve: positive symbols, rational numbers, simplify=False, check=False, its cache emptied
before each run. Hitman: MiniSat 2.2. Where ± is large, something else was running: run that row again.
"""


def main(words: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(words)
    rounds, limit = (3, 10.0) if options.quick else (options.rounds, options.limit)
    print("\n".join(_machine()), f"\n{NOTES}", sep="\n")
    for name in options.only or ROWS:
        row = ROWS[name]()
        print(f"{name}: {row.work}")
        _print_line(COLUMNS)
        for cells in _lines(row, take_turns(row.contenders, rounds, limit)):
            _print_line(cells)
        print(flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="The checker against its peers."
    )
    parser.add_argument("--only", action="append", choices=ROWS, metavar="ROW", help=", ".join(ROWS))
    parser.add_argument("--quick", action="store_true", help="3 rounds, and 10 seconds for each peer")
    parser.add_argument("--rounds", type=int, default=7, metavar="N")
    parser.add_argument(
        "--limit", type=float, default=60.0, metavar="SECONDS", help="when a peer is ended (default 60)"
    )
    return parser


def _lines(row: Row, timings: Sequence[Timing]) -> Iterator[Sequence[str]]:
    """The cells of a row's lines. A figure stands with the contender that it is measured against."""
    own = timings[0]
    fastest = {_fastest(figure, timings): figure for figure in row.figures}
    for index, timing in enumerate(timings):
        shown = f"{_time(timing.median)}" if timing.samples else ""
        figure = fastest.get(index)
        yield (
            timing.contender.name,
            " ".join(filter(None, (shown, timing.problem))),
            f"{timing.spread:.0%}" if timing.samples else "",
            _ratio(own, timing) if index and timing.median else "",
            figure.text if figure else "",
            _reached(figure, own, timing) if figure else "",
        )
    for found in row.apart():
        yield own.contender.name, found.found, "", "", found.text, "yes" if found.reached else "no"


def _fastest(figure: Figure, timings: Sequence[Timing]) -> int:
    """The contender that a figure is about: among those with the right answer, if there are any."""
    named = [i for i, t in enumerate(timings) if i and t.contender.name.startswith(figure.against)]
    return min(
        named,
        key=lambda i: (not timings[i].median, timings[i].problem == "another answer", timings[i].median),
    )


def _reached(figure: Figure, own: Timing, other: Timing) -> str:
    if own.problem:
        return "no"
    if own.median <= figure.share * other.median:
        return "yes"
    return "no" if other.samples else "open"


def _ratio(own: Timing, other: Timing) -> str:
    ratio = other.median / own.median
    return f"{'' if other.samples else '> '}{ratio:{',.0f' if ratio >= 100 else '.3g'}}"


def _time(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"


def _print_line(cells: Sequence[str]) -> None:
    print(
        "  " + "  ".join(f"{cell:{width}}" for cell, width in zip(cells, WIDTHS, strict=True)).rstrip(),
        flush=True,
    )


def _machine() -> Iterator[str]:
    names = [line.split(":")[1].strip() for line in _cpu_info() if line.startswith("model name")]
    cpu = names[0] if names else platform.machine()
    yield f"{cpu}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    yield f"Python {platform.python_version()}, " + ", ".join(
        f"{name} {_version(name)}" for name in LIBRARIES
    )


def _cpu_info() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    raise SystemExit(main())
