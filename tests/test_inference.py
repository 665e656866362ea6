"""A quantity without a unit gets the one that what is said of it forces."""

from __future__ import annotations

import math
import random
from itertools import product
from pathlib import Path
from typing import Any

import pint
import pytest

from checker.errors import InputError
from checker.load import load_scenario
from checker.pipeline import check

FALL = """\
scenario: A stone falls
quantities:
  height: {symbol: s}
  duration: {symbol: t, unit: s}
  end_speed: {symbol: v}
  bounces: {symbol: n}
constants: {g_9: {value: 9.81 m/s^2, exact: true}}
kinds: {stone: {}}
rules:
  way: {claim: It falls., applies_to: stone, equation: s = g_9*t²/2, status: law}
  gain: {claim: It gets faster., applies_to: stone, equation: v = g_9*t, status: law}
  balance: {claim: Its energy stays., applies_to: stone, equation: v^2 = 2*g_9*s, status: law}
  many: {claim: It bounces twice., applies_to: stone, equation: n = 2, status: law}
systems: {stone: {is: stone}}
given: {stone.duration: 2 s, stone.end_speed: 19.62 m/s, stone.bounces: 2}
"""


def scenario(folder: Path, text: str) -> Path:
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(path: Path) -> list[str]:
    """Line and message of each mistake in a file."""
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    return [f"{one.location and one.location.line}: {one.message}" for one in caught.value.mistakes]


def test_equations_give_a_unit_and_the_report_says_which(tmp_path: Path) -> None:
    """Height and speed get their units from the rules, the report names these, and of the pure number it says
    nothing."""
    report = check(scenario(tmp_path, FALL))
    assert report.verdict == "no contradiction"
    assert report.assumptions == (
        "height has the unit m, as rule 'way' forces",
        "end_speed has the unit m/s, as rule 'gain' forces",
    )


def test_equations_that_force_different_units_are_shown(tmp_path: Path) -> None:
    """Where three rules disagree about two quantities, the mistake is told at the quantity and at each rule,
    with what it forces, and blames none."""
    text = FALL.replace("2*g_9*s", "2*g_9*s*t").replace("19.62 m/s", "19.62 kg")  # no matter what is given
    assert mistakes(scenario(tmp_path, text)) == [
        "3: quantity 'height' states no unit, and what is said of it forces different ones",
        "10: rule 'way' forces m on height",
        "11: rule 'gain' forces m·s⁻¹ on end_speed",
        "12: rule 'balance' forces m·s⁻¹ on end_speed²/height",
    ]


def test_with_the_units_stated_the_rule_that_is_wrong_shows(tmp_path: Path) -> None:
    """What the hint of that mistake says to do shows which rule is out of balance."""
    text = FALL.replace("2*g_9*s", "2*g_9*s*t").replace("symbol: s}", "symbol: s, unit: m}")
    report = check(scenario(tmp_path, text.replace("symbol: v}", "symbol: v, unit: m/s}")))
    assert [(one.kind, [claim.id for claim in one.claims]) for one in report.contradictions] == [
        ("dimension", ["balance"])
    ]


def test_an_equation_that_is_wrong_whatever_the_unit_takes_no_part(tmp_path: Path) -> None:
    """A rule that adds metres to seconds forces nothing on the height beside them; it is out of balance."""
    report = check(scenario(tmp_path, FALL.replace("equation: n = 2", "equation: s = g_9*t + t")))
    assert [(one.kind, [claim.id for claim in one.claims]) for one in report.contradictions] == [
        ("dimension", ["many"])
    ]
    assert "height has the unit m, as rule 'way' forces" in report.assumptions


def test_unit_1_keeps_a_pure_number(tmp_path: Path) -> None:
    """A quantity declared a pure number is one: a rule that makes a time of it is out of balance; without the
    declaration it would be a time."""
    text = FALL.replace("equation: n = 2", "equation: n = t").replace("bounces: 2", "bounces: 2 s")
    assert "bounces has the unit s, as rule 'many' forces" in check(scenario(tmp_path, text)).assumptions
    text = text.replace("{symbol: n}", "{symbol: n, unit: 1}").replace("bounces: 2 s", "bounces: 2")
    report = check(scenario(tmp_path, text))
    assert [(one.kind, [claim.id for claim in one.claims]) for one in report.contradictions] == [
        ("dimension", ["many"])
    ]


def test_without_anything_that_forces_a_unit_it_is_a_pure_number(tmp_path: Path) -> None:
    """Two quantities that are only compared with each other are pure numbers, and take bare ones."""
    text = """\
scenario: Two counts
quantities: {a: {}, b: {}}
kinds: {thing: {}}
rules: {same: {claim: They are alike., applies_to: thing, equation: a = b, status: law}}
systems: {it: {is: thing, a: 3, b: 3}}
"""
    report = check(scenario(tmp_path, text))
    assert (report.verdict, report.assumptions) == ("no contradiction", ())


def test_a_bare_number_says_that_it_is_a_pure_number(tmp_path: Path) -> None:
    """The fine-structure constant, measured as 0.0073, stays one beside a rule that forgets 4πε₀: the rule
    is out of balance, and the number is no mistake."""
    text = """\
scenario: A constant without 4πε₀
quantities: {coupling: {symbol: a}}
kinds: {field: {}}
rules: {strength: {claim: It is this., applies_to: field, equation: a = e^2/(hbar*c), status: model}}
systems: {it: {is: field}}
given: {it.coupling: {value: 0.0073, status: measurement}}
"""
    report = check(scenario(tmp_path, text))
    assert [(one.kind, [claim.id for claim in one.claims]) for one in report.contradictions] == [
        ("dimension", ["strength"])
    ]
    right = check(scenario(tmp_path, text.replace("e^2/(", "e^2/(4*pi*epsilon_0*")))
    assert right.verdict == "no contradiction"


def test_what_is_forced_together_needs_a_unit(tmp_path: Path) -> None:
    """Where a rule gives the product of two quantities alone, the mistake asks for a unit; with values that
    have one, both have theirs."""
    text = """\
scenario: A rectangle
quantities: {area: {unit: m^2}, width: {}, length: {}}
kinds: {sheet: {}}
rules: {size: {claim: It is as large as that., applies_to: sheet, equation: width*length = area, status: law}}
systems: {it: {is: sheet, area: 6 m^2}}
"""
    assert mistakes(scenario(tmp_path, text)) == [
        "4: rule 'size' forces m² on width·length, and nothing tells the unit of each"
    ]
    report = check(scenario(tmp_path, text + "given: {it.width: 200 cm, it.length: 3 m}\n"))
    assert report.verdict == "no contradiction"
    assert [line.partition(",")[0] for line in report.assumptions] == [
        "width has the unit m",
        "length has the unit m",
    ]
    assert report.assumptions[0].endswith("scenario.yaml:6:19 forces")


def test_a_value_in_another_unit_is_told_what_forces_the_unit(tmp_path: Path) -> None:
    """A mass for the speed that a rule forces is a mistake at the value, whose hint names the rule."""
    with pytest.raises(InputError) as caught:
        load_scenario(scenario(tmp_path, FALL.replace("19.62 m/s", "19.62 kg")))
    (mistake,) = caught.value.mistakes
    assert mistake.message == "end_speed is in m/s, and this value in kg"
    assert mistake.hint is not None
    assert mistake.hint.startswith("rule 'gain' forces that")


@pytest.mark.parametrize(
    ("relation", "unit"),
    [
        ("equation: x = sqrt(r.m*5)", "kg^(1/2)"),
        ("equation: 0 < x - m", "kg"),
        ("equation: exp(x/m) = 2", "kg"),
        ("equation: m^(x/m) = 2*m^(x/m)", None),
        ("equation: ['x = min(m, 2*r.m)']", "kg"),
        ("equation: m = sum(parts.x)", "kg"),
        ("equation: m/m = x*count(parts)/whole.m", "kg"),
        ("equation: [m = m, abs(x)/m = 1]", "kg"),
        ("quantum: {of: m, is: x, number: whole}", "kg"),
        ("quantum: {of: x, is: m*m}", "kg^2"),
        ("quantum: {of: m, is: m, number: x}", None),
        ("additive: x", None),
    ],
)
def test_every_form_of_relation_forces(relation: str, unit: str | None, tmp_path: Path) -> None:
    """Roots, comparisons, arguments of functions, parts, lists and quanta each force what they demand."""
    text = f"""\
scenario: One relation
quantities: {{m: {{unit: kg}}, x: {{}}}}
kinds: {{thing: {{}}}}
rules:
  r1: {{claim: It is so., applies_to: thing, roles: {{r: thing}}, status: law, {relation}}}
systems: {{}}
"""
    (found,) = load_scenario(scenario(tmp_path, text)).vocabulary.quantities["x"]
    assert (found.unit.text or None) == unit
    assert found.forced_by == (unit and "rule 'r1' forces")


# ---------------------------------------------------------------- against pint

METRE = 1.0 * pint.UnitRegistry().metre
Tree = tuple[Any, ...]


def tree(rng: random.Random, power: int, lengths: dict[str, int], depth: int = 2) -> Tree:
    """A random expression that is a length to this power, where the names are to those in `lengths`."""
    kind = rng.choice(["name", "times", "over", "plus", "exp"]) if depth else "name"
    if kind == "plus":
        return "+", tree(rng, power, lengths, depth - 1), tree(rng, power, lengths, depth - 1)
    if kind == "exp":
        inner = ("/", *[tree(rng, 1, lengths, depth - 1)] * 2)
        return "*", tree(rng, power, lengths, depth - 1), ("exp", inner)
    name = rng.choice(list(lengths))
    if kind == "name" or not lengths[name]:
        factors = ("^", "m", power - lengths[name]) if power != lengths[name] else ("^", "m", 0)
        return "*", name, factors
    operator, rest = ("*", power - lengths[name]) if kind == "times" else ("/", power + lengths[name])
    other = tree(rng, rest, lengths, depth - 1)
    return (operator, name, other) if operator == "*" else (operator, other, name)


def text(node: Tree | str | int) -> str:
    match node:
        case str() | int():
            return str(node)
        case ("exp", inner):
            return f"exp({text(inner)})"
        case operator, left, right:
            return f"({text(left)} {operator} {text(right)})"
    raise AssertionError(node)


def value(node: Tree | str | int, of: dict[str, Any]) -> Any:
    """What pint makes of it. Raises its DimensionalityError where it is out of balance."""
    match node:
        case str():
            return of[node]
        case ("exp", inner):
            return math.exp(value(inner, of).to("dimensionless").magnitude)
        case ("^", base, exponent):
            return value(base, of) ** exponent
        case operator, left, right:
            one, other = value(left, of), value(right, of)
            return one + other if operator == "+" else one * other if operator == "*" else one / other
    raise AssertionError(node)


def test_random_equations_force_what_pint_allows(tmp_path: Path) -> None:
    """Of all small powers of a length that two quantities could be, a forced unit is the only one for which
    pint finds every equation balanced; and where pint allows several, none is forced."""
    rng = random.Random(5)
    outcomes = {True: 0, False: 0}
    for _ in range(60):
        lengths = {"m": 1, "x": rng.randint(-1, 1), "y": rng.randint(-1, 1)}
        sides = []
        for _ in range(rng.randint(1, 2)):
            power = rng.randint(-1, 1)
            sides.append((tree(rng, power, lengths), tree(rng, power, lengths)))
        equations = ", ".join(f'"{text(left)} = {text(right)}"' for left, right in sides)
        path = scenario(
            tmp_path,
            "scenario: random\nquantities: {m: {unit: m}, x: {}, y: {}}\nkinds: {thing: {}}\nrules:\n"
            f"  r: {{claim: So., applies_to: thing, status: law, equation: [{equations}]}}\n",
        )
        allowed = set()
        for powers in product(range(-3, 4), repeat=2):
            sizes = {"m": METRE, "x": METRE ** powers[0], "y": METRE ** powers[1]}
            try:
                for left, right in sides:
                    value(left, sizes).to(value(right, sizes).units)
            except pint.DimensionalityError:
                continue
            allowed.add(powers)
        assert (lengths["x"], lengths["y"]) in allowed
        try:
            quantities = load_scenario(path).vocabulary.quantities
        except InputError as error:  # several together need a unit
            assert len(allowed) > 1
            assert all("nothing tells the unit" in one.message for one in error.mistakes)
            continue
        for number, name in enumerate("xy"):
            found = quantities[name][0].unit.dimension.exponents[0]
            possible = {powers[number] for powers in allowed}
            outcomes[len(possible) == 1] += 1
            assert found == (possible.pop() if len(possible) == 1 else 0)
    assert min(outcomes.values()) > 10
