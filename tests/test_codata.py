"""The numbers that CODATA prints agree with each other, and not with those of another year."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy
import pytest
from scipy.constants import _codata
from scipy.optimize import linprog

from benchmarks.swaps import POLICIES, Swap, contradicts, missed, swapped, swaps
from checker.ground import ground
from checker.load import load_pack, load_scenario
from checker.model import Gives
from checker.pipeline import check
from checker.terms import NormalForm, system
from checker.value import rounding
from scripts.codata_tables import EDITIONS, table
from scripts.generate_adjustments import scenario, targets

RULES = Path(__file__).parent.parent / "rules"
SAMPLE: list[Swap] = list(swaps())[::47]


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_printed_digits_are_those_that_scipy_reads(edition: int) -> None:
    """Every value, unit and uncertainty read from the text of a table equals the one of scipy's own reading,
    but for one line in which scipy's columns are out of step."""
    theirs = getattr(_codata, f"_physical_constants_{edition}")
    for name, (value, unit, uncertainty) in theirs.items():
        entry = table(edition)[name]
        if (edition, name) == (2006, "atomic unit of time"):
            assert (unit, entry.unit) == ("7 s", "s")
            continue
        if not entry.truncated:  # of these scipy works out more digits
            assert float(entry.digits + entry.power) == value, name
        spread = (entry.doubt or 0) * float(entry.last_place.split(" ")[0])
        assert spread == pytest.approx(uncertainty, rel=1e-9), name
        assert entry.unit == unit.replace("Hz^-1", "s"), name


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("edition", EDITIONS)
def test_no_edition_contradicts_itself(edition: int, policy: str, tmp_path: Path) -> None:
    """Read as rounded, and within their uncertainties, the values of each table hold together, nearly every
    claim is cross-checked, and nothing is left undecided."""
    path = tmp_path / "codata.yaml"
    path.write_text(scenario(edition, policy), encoding="utf-8")
    report = check(path)
    assert (report.verdict, report.contradictions, report.tensions) == ("no contradiction", (), ())
    assert report.coverage["holds"] >= report.coverage["claims"] - 2
    assert report.coverage["undetermined"] == 0


def test_the_scenarios_that_ship_are_what_the_script_writes() -> None:
    """Those in the gallery were not edited by hand."""
    assert len(targets()) == 2
    for path, text in targets().items():
        assert path.read_text(encoding="utf-8") == text


def test_a_constant_of_another_year_is_noticed_among_rounded_numbers(tmp_path: Path) -> None:
    """Of a sample of all values that editions print differently, at least 95 in 100 raise an alarm."""
    assert len(SAMPLE) >= 40
    assert len(missed(SAMPLE, "rounding", tmp_path)) <= 0.05 * len(SAMPLE)


def test_uncertainties_hide_a_constant_of_another_year(tmp_path: Path) -> None:
    """Within their standard uncertainties most of these values agree: fewer than a fifth raise an alarm."""
    sample = SAMPLE[::6]
    assert len(missed(sample, "uncertainty", tmp_path)) >= 0.8 * len(sample)


# ---------------------------------------------------------------- beside another program


@mpmath.workdps(50)
def possible(path: Path) -> bool:
    """Whether a linear program finds values within all roundings; the logarithms in it have fifty digits."""
    grounded = ground(load_scenario(path), {})
    given = [c.relations[0] for c in grounded.claims if isinstance(c.relations[0], Gives)]
    compiled = system(grounded, [c for c in grounded.claims if not isinstance(c.relations[0], Gives)])
    numbers: dict[tuple[str, ...], Fraction] = {}
    halves: dict[tuple[str, ...], Fraction] = {}
    for one in given:
        number, within = one.value.number, one.value.within
        assert number is not None and one.value.uncertainty is None
        numbers[one.of.parts] = number
        halves[one.of.parts] = within.size if within else rounding(one.value, one.status) or Fraction(0)
    rows, right = [], []
    for equation in compiled.equations:
        assert isinstance(equation, NormalForm) and equation.row is not None
        unknowns = {compiled.names[i]: power for i, power in equation.row.unknowns}
        if not all(name is not None and name.parts in numbers for name in unknowns):
            continue
        rest = logarithm(equation.row.number)
        for key, power in equation.row.atoms:
            rest += mpmath.mpf(float(power)) * logarithm(compiled.atoms[-1 - key].number)
        line = {}
        for name, power in unknowns.items():
            assert name is not None
            rest += mpmath.mpf(float(power)) * logarithm(numbers[name.parts])
            line[name.parts] = float(power) * float(halves[name.parts] / numbers[name.parts])
        scale = max(map(abs, line.values())) or 1e-11
        rows.append({parts: entry / scale for parts, entry in line.items()})
        right.append(float(-rest / scale))
    return solvable(rows, right, list(numbers))


def logarithm(number: Fraction) -> mpmath.mpf:
    return mpmath.log(mpmath.mpf(number.numerator) / number.denominator)


def solvable(
    rows: list[Mapping[tuple[str, ...], float]], right: list[float], names: list[tuple[str, ...]]
) -> bool:
    matrix = numpy.array([[row.get(name, 0.0) for name in names] for row in rows])
    found = linprog(numpy.zeros(len(names)), A_eq=matrix, b_eq=right, bounds=[(-1, 1)] * len(names))
    return bool(found.status != 2)


@pytest.mark.parametrize("number", range(0, len(SAMPLE), 4))
def test_a_linear_program_says_the_same_of_a_swap(number: int, tmp_path: Path) -> None:
    """An independent solver finds values within all roundings exactly where no contradiction is found."""
    path = tmp_path / "swapped.yaml"
    path.write_text(swapped(SAMPLE[number], "rounding"), encoding="utf-8")
    assert possible(path) is not contradicts(path.read_text(encoding="utf-8"), tmp_path)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_linear_program_says_the_same_of_an_edition(edition: int, tmp_path: Path) -> None:
    """To fifty digits as well there are values within all roundings of a table."""
    path = tmp_path / "codata.yaml"
    path.write_text(scenario(edition, "rounding"), encoding="utf-8")
    assert possible(path)


def test_the_peak_of_a_black_body_is_the_root_of_its_equation() -> None:
    """x = 5(1 − e⁻ˣ) to all digits that the pack gives."""
    (constant,) = load_pack(RULES / "codata-relations.yaml").constants["peak_by_wavelength"]
    assert constant.value.number is not None
    with mpmath.workdps(50):
        root = mpmath.findroot(lambda x: x - 5 * (1 - mpmath.exp(-x)), 5)
        given = mpmath.mpf(constant.value.number.numerator) / constant.value.number.denominator
        assert abs(root - given) < mpmath.mpf(10) ** -36


def test_digits_beyond_double_precision_make_no_contradiction(tmp_path: Path) -> None:
    """A product rounded to nine digits, and a ratio and its like to fifteen, of the same two numbers: what
    doubles lose in the last digits of these is not taken for a disagreement with that."""
    values = {
        "a": "2.90371701673513",
        "b": "5.35383380236761",
        "p": "15.5460183",
        "q": "0.542362188279178",
        "s": "83.2307983562098",
    }
    given = "".join(f"  it.{name}: {{value: {it}, status: measurement}}\n" for name, it in values.items())
    path = tmp_path / "products.yaml"
    path.write_text(
        f"""\
scenario: products of two numbers
quantities: {{{", ".join(f"{name}: {{}}" for name in values)}}}
kinds: {{pair: {{}}}}
rules:
  product: {{claim: p is ab., applies_to: pair, equation: p = a*b, status: law}}
  ratio: {{claim: q is a over b., applies_to: pair, equation: q = a/b, status: law}}
  square: {{claim: s is ab²., applies_to: pair, equation: s = a*b^2, status: law}}
systems: {{it: {{is: pair}}}}
given:
{given}""",
        encoding="utf-8",
    )
    assert check(path).verdict == "no contradiction"
