"""The rows of the table: each a piece of work, who does it, and the figure to reach."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from benchmarks import make, ours, peers
from benchmarks.measure import Contender
from checker.hitting_sets import minimal_hitting_sets
from checker.load import load_scenario
from checker.model import Grounded

ROOT = Path(__file__).parent.parent
HELIUM = ROOT / "scenarios" / "helium.yaml"


@dataclass(frozen=True, slots=True)
class Figure:
    """Ours is to take at most `share` of the time of the fastest whose name starts with `against`."""

    against: str
    share: float
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A figure that is no ratio of times: what it is, what was found, and whether that will do."""

    text: str
    found: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Row:
    """`contenders[0]` is the checker. `apart` are figures found in processes of their own."""

    work: str
    contenders: tuple[Contender, ...]
    figures: tuple[Figure, ...]
    apart: Callable[[], tuple[Found, ...]] = tuple


# ---------------------------------------------------------------- one minimal conflict


def helium() -> Row:
    grounded = ours.load_file(HELIUM)
    expected = frozenset({frozenset({"quantum-per-system", "two-electron-atom", "helium.radius"})})
    return Row(
        "the minimal conflict of helium, from its claims",
        (
            _conflicts("ours", grounded, expected),
            *_z3_both(grounded, expected),
            Contender(
                "sympy.solve for the radius",
                lambda: peers.sympy_solve(grounded, "helium.radius", "helium.radius"),
                "7.56e-12",
                apart=True,
            ),
        ),
        (Figure("sympy", 1 / 20, "20 × faster"), Figure("z3", 1, "no slower")),
    )


def chain() -> Row:
    grounded, expected = _chain(10_000), _links(0, 10_000)
    return Row(
        "the minimal conflict of a chain of 10⁴ claims, all of them in it",
        (_conflicts("ours", grounded, expected), *_z3_of_chain(grounded, expected)),
        (Figure("z3 minimal", 1 / 30, "30 × faster"),),
    )


def middle() -> Row:
    whole, grounded, expected = _chain(10_000), _middle(10_000), _links(4_950, 5_050)
    return Row(
        "the same, the conflict among 100 claims in the middle",
        (
            _conflicts("ours", grounded, expected),
            _conflicts("ours, all in the conflict", whole, _links(0, 10_000)),
            *_z3_of_chain(grounded, expected),
        ),
        (Figure("ours, all", 1, "no slower"),),
    )


def growth() -> Row:
    """Each chain is loaded in a process of its own: what else is loaded changes how often Python looks for
    garbage."""

    def loaded_apart(name: str, length: int) -> Contender:
        return Contender(name, partial(_loaded, length), _links(0, length), apart=True)

    def memory() -> tuple[Found, ...]:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            loaded, peak = pool.apply(ours.peak_memory, (make.chain(100_000, (0, 100_000)),))
        return (Found("≤ 600 MB", f"{peak:.0f} MB at most, {loaded:.0f} MB once loaded", peak <= 600),)

    return Row(
        "a chain of 10⁵ claims against one of 10⁴",
        (
            loaded_apart("ours", 100_000),
            loaded_apart("ours, 10⁴", 10_000),
        ),
        (Figure("ours, 10⁴", 13, "≤ 13 × the time"),),
        memory,
    )


def coupled() -> Row:
    grounded = ours.load(make.coupled())
    premises = [id_ for id_, premise in grounded.premises.items() if not premise.held]
    expected = frozenset({frozenset(premises)})
    return Row(
        "the minimal conflict of 10 coupled products and a value",
        (
            _conflicts("ours", grounded, expected),
            Contender(
                "sympy.solve, without the value",
                lambda: peers.sympy_solve(grounded, "it.x0", "it.x0"),
                f"{make.COUPLED_TRUTH[0]:.2e}",
                apart=True,
            ),
            *_z3_both(grounded, expected),
        ),
        (Figure("sympy", 1 / 1000, "1,000 × faster"),),
    )


def _loaded(length: int) -> Callable[[], object]:
    return partial(ours.minimal_conflicts, ours.load(make.chain(length, (0, length))))


@cache
def _chain(length: int) -> Grounded:
    return ours.load(make.chain(length, (0, length)))


@cache
def _middle(length: int) -> Grounded:
    return ours.load(make.chain(length, (length // 2 - 50, length // 2 + 50)))


def _links(first: int, last: int) -> frozenset[ours.Premises]:
    """The conflict between the values of two quantities of a chain."""
    return frozenset({frozenset([f"it.x{first}", f"it.x{last}", *(f"r{i}" for i in range(first, last))])})


def _conflicts(name: str, grounded: Grounded, expected: frozenset[ours.Premises]) -> Contender:
    return Contender(name, lambda: lambda: ours.minimal_conflicts(grounded), expected)


def _z3(
    name: str,
    grounded: Grounded,
    expected: frozenset[ours.Premises],
    logarithms: bool,
    minimal: bool,
    arithmetic: int,
) -> Contender:
    prepare = partial(peers.z3_core, grounded, logarithms, minimal, arithmetic)
    return Contender(name, prepare, expected, apart=True)


def _z3_both(grounded: Grounded, expected: frozenset[ours.Premises]) -> tuple[Contender, ...]:
    return (
        _z3("z3 minimal, products", grounded, expected, False, True, 2),
        _z3("z3 minimal, logarithms", grounded, expected, True, True, 2),
    )


def _z3_of_chain(grounded: Grounded, expected: frozenset[ours.Premises]) -> tuple[Contender, ...]:
    """The encodings and solvers that have done best, with the core minimized and as it was found."""
    return (
        *_z3_both(grounded, expected),
        _z3("z3 minimal, logarithms, arith.solver=1", grounded, expected, True, True, 1),
        _z3("z3 any core, products, arith.solver=6", grounded, expected, False, False, 6),
        _z3("z3 any core, logarithms, arith.solver=1", grounded, expected, True, False, 1),
    )


# ---------------------------------------------------------------- all conflicts and ways out


def pairs() -> Row:
    grounded = ours.load(make.pairs(10))
    expected = _pairs(10), 2**10
    return Row(
        "all conflicts and ways out of 10 independent pairs",
        (
            _everything("ours", grounded, expected),
            Contender("MARCO with z3 and MiniSat", lambda: peers.marco(grounded), expected, apart=True),
        ),
        (Figure("MARCO", 1 / 30, "30 × faster"),),
    )


def many_pairs() -> Row:
    few, many = ours.load(make.pairs(10)), ours.load(make.pairs(1_000))
    expected = _pairs(1_000), 2**1_000
    return Row(
        "the same of 1,000 pairs (2^1000 ways out, in menus)",
        (
            _everything("ours", many, expected),
            _everything("ours, 10 pairs", few, (_pairs(10), 2**10)),
            Contender("MARCO with z3 and MiniSat", lambda: peers.marco(many), expected, apart=True),
        ),
        (Figure("ours, 10 pairs", 120, "≤ 120 × the time"),),
    )


def hitting_sets() -> Row:
    sets = make.conflicts_to_hit()
    expected = frozenset(minimal_hitting_sets(sets))
    assert len(expected) == 3_002
    return Row(
        "3,002 minimal hitting sets of 20 conflicts × 4 over 30",
        (
            Contender("ours", lambda: lambda: frozenset(minimal_hitting_sets(sets)), expected),
            Contender("Hitman, sorted (RC2)", lambda: peers.hitman(sets, "sorted"), expected, apart=True),
            Contender("Hitman, lbx", lambda: peers.hitman(sets, "lbx"), expected, apart=True),
            Contender("Hitman, mcsls", lambda: peers.hitman(sets, "mcsls"), expected, apart=True),
            Contender("CP-SAT, one worker", lambda: peers.cp_sat(sets), expected, apart=True),
            Contender(
                "faultdiagnosistoolbox.MHS", lambda: peers.fault_diagnosis_toolbox(sets), expected, apart=True
            ),
        ),
        (Figure("Hitman", 1 / 5, "≤ 1/5 of the time"),),
    )


def _pairs(count: int) -> frozenset[ours.Premises]:
    return frozenset(frozenset({f"it.x{i}@a", f"it.x{i}@b"}) for i in range(count))


def _everything(name: str, grounded: Grounded, expected: tuple[frozenset[ours.Premises], int]) -> Contender:
    return Contender(name, lambda: lambda: ours.conflicts_and_ways_out(grounded), expected)


# ---------------------------------------------------------------- files and processes


def load() -> Row:
    text = make.given_values(10_000)

    def prepare() -> Callable[[], object]:
        folder = tempfile.TemporaryDirectory()
        path = Path(folder.name) / "scenario.yaml"
        path.write_text(text, encoding="utf-8")
        return lambda: len(load_scenario(path).given) if folder else 0  # keeps the folder as long as itself

    return Row(
        "loading a scenario of 10⁴ given values and its rules",
        (
            Contender("ours", prepare, 10_000),
            Contender("yaml.compose, CSafeLoader", lambda: peers.yaml_compose(text, "CSafeLoader"), None),
            Contender("yaml.compose, SafeLoader", lambda: peers.yaml_compose(text, "SafeLoader"), None),
        ),
        (Figure("yaml.compose, CSafeLoader", 3, "≤ 3 × the time"),),
    )


_CHECK = "import sys; from checker.cli import main; status = main(sys.argv[1:])"
_HEAVY = ("pint", "sympy", "scipy", "numpy")


def process() -> Row:
    def modules() -> tuple[Found, ...]:
        code = f"{_CHECK}; sys.stderr.write(' '.join(sys.modules.keys() & set({_HEAVY})))"
        loaded = _python(code, str(HELIUM)).stderr.decode().strip()
        return (Found("without " + ", ".join(_HEAVY), f"imports {loaded or 'none of them'}", not loaded),)

    def importing() -> Callable[[], object]:
        import networkx  # noqa: F401 - to know whether it is there

        return lambda: _python("import networkx, yaml").returncode

    return Row(
        "check scenarios/helium.yaml, the whole process",
        (
            Contender("ours", lambda: lambda: _python(_CHECK, str(HELIUM)).returncode, 0),
            Contender("python -c 'import networkx, yaml'", importing, 0),
            Contender("python -c ''", lambda: lambda: _python("").returncode, 0),
        ),
        (Figure("python -c 'import networkx", 1.5, "≤ 1.5 × the time"),),
        modules,
    )


def _python(code: str, *words: str) -> subprocess.CompletedProcess[bytes]:
    """Run some code in a new process that keeps compiled modules, as Python does where nothing forbids it."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code, *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)


ROWS: dict[str, Callable[[], Row]] = {
    "helium": helium,
    "chain": chain,
    "middle": middle,
    "growth": growth,
    "coupled": coupled,
    "pairs": pairs,
    "many-pairs": many_pairs,
    "hitting-sets": hitting_sets,
    "load": load,
    "process": process,
}
