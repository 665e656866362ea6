"""Certificates multiplied out again: by SymPy, from what the JSON report says and nothing else."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pint
import pytest
import sympy

from checker.pipeline import check
from checker.report.json import to_json

SCENARIOS = sorted((Path(__file__).parent.parent / "scenarios").rglob("*.yaml"))
SUPERSCRIPTS = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
UNITS = pint.UnitRegistry()


def contradictions(path: Path) -> list[dict[str, object]]:
    """The contradictions of a report that come with a certificate."""
    (scenario,) = json.loads(to_json([check(path)]))["scenarios"]
    return [found for found in scenario["contradictions"] if found["certificate"]]


def verified(certificate: dict[str, object]) -> tuple[float, float]:
    """What the combination of relations leaves, and how much slack models among them have.

    Every quantity must cancel: what is left is a number, or a power of the whole number k.
    """
    symbols: dict[str, sympy.Symbol] = {}
    values = certificate["values"]
    assert isinstance(values, dict)

    def named(match: re.Match[str]) -> str:
        name = match[0].replace(".", "__")
        symbols.setdefault(name, sympy.Symbol(name, positive=True))
        return name

    product, total, slack = sympy.Integer(1), sympy.Integer(0), 0.0
    relations = certificate["relations"]
    assert isinstance(relations, list) and relations
    for relation in relations:
        text = relation["equation"].replace("·", "*").replace("π", "pi")
        if within := re.search(r" \(within (.*)\)$", text):
            slack += abs(relation["multiplier"]) * float(within[1])
            text = text[: within.start()]
        text = re.sub("[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: f"**({found[0].translate(SUPERSCRIPTS)})", text)
        left, _, right = re.split(" (=|<=|>=|<|>) ", text)
        if number := re.fullmatch(r"(-?[\d.]+(?:e-?\d+)?)(?: ([A-Za-z%].*))?", right):
            right = repr(float(number[1]) * UNITS.parse_expression(f"1 {number[2] or ''}").to_base_units().m)
        sides = []
        for side in (left, right):
            side = re.sub(r"[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*(?![\w.(])", named, side.replace("^", "**"))
            sides.append(sympy.sympify(side, locals={**symbols, "pi": symbols.get("pi")}))
        known = {
            symbols[name.replace(".", "__")]: value
            for name, value in values.items()
            if name.replace(".", "__") in symbols
        }
        one, other = (sympy.sympify(side).subs(known) for side in sides)
        product *= (one / other) ** relation["multiplier"]
        total += (one - other) * relation["multiplier"]
    left_over = sympy.powsimp(
        sympy.simplify(product if certificate["form"] == "product" else total), force=True
    )
    assert left_over.free_symbols <= {sympy.Symbol("k", positive=True)}, left_over
    return float(left_over.subs({sympy.Symbol("k", positive=True): 1})), slack


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_certificates_of_the_scenarios_are_impossible_equations(path: Path) -> None:
    """Multiplied out by SymPy, quantities cancel, and what is left is further from 1 than models allow."""
    for found in contradictions(path):
        certificate = found["certificate"]
        assert isinstance(certificate, dict)
        left, slack = verified(certificate)
        if "k = " in str(certificate["conclusion"]):
            continue  # a whole number stays: its test is below
        nothing = math.log(left) if certificate["form"] == "product" else left
        assert abs(nothing) > slack, (found["id"], left, slack)


def test_helium_leaves_the_seventh_of_bohr_radius() -> None:
    """With one ħ for the pair the ring has the radius a₀/7, so 31 pm and the claims leave a₀/(7·31 pm)."""
    (found,) = contradictions(Path(__file__).parent.parent / "scenarios" / "helium.yaml")
    certificate = found["certificate"]
    assert isinstance(certificate, dict) and found["proof"] == "exact"
    left, _ = verified(certificate)
    assert max(left, 1 / left) == pytest.approx(31 / (52.9177210903 / 7), rel=1e-6)


def written(folder: Path, *equations: str, signs: str = "any", given: str = "") -> Path:
    """A scenario of equations between the quantities a, b and c of one thing."""
    quantities = "".join(f"  {name}: {{sign: {signs}}}\n" for name in "abc")
    rules = "".join(
        f"  r{n}: {{claim: c, applies_to: k, equation: '{one}', status: hypothesis}}\n"
        for n, one in enumerate(equations)
    )
    path = folder / "claims.yaml"
    path.write_text(
        f"scenario: claims\nquantities:\n{quantities}kinds: {{k: {{}}}}\nrules:\n{rules}"
        f"systems: {{it: {{is: k}}}}\ngiven: {{{given}}}\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("equations", "given", "left"),
    [
        (("a + b = 3", "2*a + 2*b = 7"), "", 1.0),
        (("a + b + c = 1", "a - b = 2", "2*b + c = 0"), "", 1.0),
        (("a = b + 1/3", "b = c + 1/3", "a = c + 1"), "", 1 / 3),
    ],
)
def test_linear_claims_leave_a_number_that_is_not_zero(
    tmp_path: Path, equations: tuple[str, ...], given: str, left: float
) -> None:
    """The integer combination of linear equations leaves what is not 0: 2·3 − 7, and 1/3 + 1/3 − 1."""
    (found,) = contradictions(written(tmp_path, *equations, given=given))
    certificate = found["certificate"]
    assert isinstance(certificate, dict) and certificate["form"] == "linear"
    assert abs(verified(certificate)[0]) == pytest.approx(left)


def test_inequalities_in_a_circle_add_up_to_nothing_below_nothing(tmp_path: Path) -> None:
    """a < b, b < c, c < a: multiplied or added up they leave 1 < 1 or 0 < 0."""
    (found,) = contradictions(written(tmp_path, "a < b", "b < c", "c < a", signs="positive"))
    certificate = found["certificate"]
    assert isinstance(certificate, dict)
    assert certificate["conclusion"] == "1 < 1"
    assert [one["multiplier"] for one in certificate["relations"]] in ([1, 1, 1], [-1, -1, -1])


def test_a_block_without_real_solution_has_no_certificate(tmp_path: Path) -> None:
    """a + b = 3 with a·b = 3 is neither a product nor linear: its proof is numerical."""
    (scenario,) = json.loads(to_json([check(written(tmp_path, "a + b = 3", "a*b = 3"))]))["scenarios"]
    (found,) = scenario["contradictions"]
    assert (found["certificate"], found["proof"]) == (None, "numerical")
