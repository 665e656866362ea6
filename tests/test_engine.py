"""Small systems whose answer is known: what the engine finds, and what it must not find."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from checker.model import Report
from checker.pipeline import Options, check

HEAD = """scenario: a known answer
quantities: {a: {}, b: {}, c: {}, x: {sign: any}, y: {sign: any}, v: {unit: m/s}}
kinds: {thing: {}}
"""
HYDROGEN = """scenario: hydrogen
quantities: {speed: {symbol: v, unit: m/s}, radius: {symbol: r, unit: m}, momentum: {symbol: L, unit: J*s},
  ionization: {symbol: W, unit: eV}}
kinds: {hydrogen: {}}
rules:
  whole: {claim: c, applies_to: hydrogen, quantum: {of: L, is: hbar, number: whole}, status: postulate}
  ring: {claim: c, applies_to: hydrogen, equation: L = m_e*v*r, status: definition}
  force: {claim: c, applies_to: hydrogen, equation: m_e*v^2*r = e^2/(4*pi*epsilon_0), status: law}
  energy: {claim: c, applies_to: hydrogen, equation: W = e^2/(4*pi*epsilon_0*r) - m_e*v^2/2, status: law}
systems: {h: {is: hydrogen}}
given: {h.ionization: {value: %s}}
"""


def report(folder: Path, text: str) -> Report:
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return check(path)


def claims(folder: Path, *equations: str, given: str = "{}") -> Report:
    """A thing about which these equations are postulated, named r0, r1 …"""
    rules = "".join(
        f"  r{n}: {{claim: c, applies_to: thing, equation: '{equation}', status: postulate}}\n"
        for n, equation in enumerate(equations)
    )
    section = f"rules:\n{rules}" if rules else ""
    return report(folder, f"{HEAD}{section}systems: {{it: {{is: thing}}}}\ngiven: {given}\n")


def conflicts(found: Report) -> set[frozenset[str]]:
    return {frozenset(c.id for c in one.claims if not c.held) for one in found.contradictions}


@pytest.mark.parametrize(
    ("equations", "kind"),
    [
        (("a + b = 3", "a*b = 3"), "value"),
        (("a + b = 5", "a*b = 6", "a^2 + b^2 = 14"), "value"),
        (("a + b = 3", "2*a + 2*b = 7"), "value"),
        (("a = 2*b", "a = 3*b"), "value"),
        (("a + b = c", "c = a"), "bound"),
        (("b = 2*a", "c = 3*b", "c <= 5*a"), "bound"),
        (("a < b", "b < c", "c < a"), "bound"),
        (("x^2 = 4", "y = 3*x", "y <= -7"), "bound"),
    ],
)
def test_equations_that_no_values_satisfy_are_one_conflict(
    tmp_path: Path, equations: tuple[str, ...], kind: str
) -> None:
    """No real root, a singular block, a sign, a bound: all of the equations together, and no fewer."""
    found = claims(tmp_path, *equations)
    assert conflicts(found) == {frozenset(f"r{n}" for n in range(len(equations)))}
    assert found.contradictions[0].kind == kind


@pytest.mark.parametrize(
    "equations",
    [
        ("a + b = 3", "a*b = 2"),
        ("a + b = 2", "a*b = 1"),
        ("x^2 = 4", "y = 3*x", "y <= -5"),
        ("a + b = 5", "a*b = 6", "a^2 + b^2 = 13"),
        ("b = 2*a", "c = 3*b", "c <= 6*a"),
    ],
)
def test_equations_that_some_values_satisfy_are_no_conflict(
    tmp_path: Path, equations: tuple[str, ...]
) -> None:
    """A double root, a root that a bound leaves, a bound that is just met."""
    assert not claims(tmp_path, *equations).contradictions


@pytest.mark.parametrize("given", ["13.6 eV", "3.40 eV", "1.51 eV", "0.85 eV"])
def test_the_levels_of_hydrogen_are_whole_quanta(tmp_path: Path, given: str) -> None:
    """13.6057 eV over n², to the digits given, agrees with L = nħ."""
    assert report(tmp_path, HYDROGEN % given).verdict == "no contradiction"


def test_an_energy_between_the_levels_is_no_whole_number_of_quanta(tmp_path: Path) -> None:
    """5.0 eV would need √(13.6057/5) = 1.65 quanta; the nearest whole number gives 3.401 eV."""
    found = report(tmp_path, HYDROGEN % "5.0 eV")
    (one,) = found.contradictions
    assert one.kind == "quantum"
    assert conflicts(found) == {frozenset({"whole", "h.ionization"})}
    assert math.isclose(one.occurrences[0].ratio or 0, 5.0 / (13.605693 / 4), rel_tol=1e-5)
    (way,) = [way for way in found.ways_out if way.give_up == ("whole",)]
    hbar = 1.054571817e-34
    assert math.isclose((way.then["h.momentum"].value or 0) / hbar, math.sqrt(13.605693 / 5), rel_tol=1e-5)


def test_what_cancels_from_a_rule_is_not_needed(tmp_path: Path) -> None:
    """a·b = a·c says b = c, whether a is known or not."""
    found = claims(tmp_path, "a*b = a*c", given="{it.b: 9.7, it.c: 9.9}")
    assert conflicts(found) == {frozenset({"r0", "it.b", "it.c"})}


def test_every_pair_of_forty_values_is_a_conflict(tmp_path: Path) -> None:
    """Forty numbers for one quantity: 40·39/2 pairs, and forty ways out that keep one each."""
    values = ", ".join(f"{{name: n{n}, value: {n + 1}}}" for n in range(40))
    found = claims(tmp_path, given=f"{{it.a: [{values}]}}")
    assert len(conflicts(found)) == 780
    assert all(len(way.give_up) == 39 for way in found.ways_out)
    assert len(found.ways_out) == 40
    assert not found.incomplete


@pytest.mark.parametrize(
    ("equations", "given"),
    [
        (
            ("a*b = c",),
            "{it.a: {value: 1e-300, uncertainty: 0.3}, it.b: 1e300, it.c: {value: 3, exact: true}}",
        ),
        (
            ("a = b + c",),
            "{it.a: {value: 1e-300, status: measurement}, it.b: {value: 1e300, uncertainty: 0.3}}",
        ),
        (("pi = a",), "{it.a: 1e-300}"),
        (("a^b = x", "a*0 = 0"), "{it.a: 1}"),
        (("sqrt(a - b) = c",), "{it.a: 1, it.b: 2}"),
    ],
)
def test_extreme_numbers_get_an_answer(tmp_path: Path, equations: tuple[str, ...], given: str) -> None:
    """Values at the ends of double precision, and functions outside their domain, are reported on."""
    found = claims(tmp_path, *equations, given=given)
    counts = dict(found.coverage)
    assert counts.pop("claims") == sum(counts.values()) > 0


def signed(folder: Path, quantities: str, equations: tuple[str, ...], given: str = "") -> Report:
    """Postulated equations over quantities with the signs declared."""
    rules = "".join(
        f"  r{n}: {{claim: c, applies_to: thing, equation: '{equation}', status: postulate}}\n"
        for n, equation in enumerate(equations)
    )
    head = f"scenario: signs\nquantities: {{{quantities}}}\nkinds: {{thing: {{}}}}\nrules:\n{rules}"
    return report(folder, f"{head}systems: {{it: {{is: thing}}}}\ngiven: {{{given}}}\n")


@pytest.mark.parametrize(
    ("quantities", "equations", "given"),
    [
        ("a: {}, b: {sign: any}", ("a*b = 0",), ""),
        ("b: {sign: any}", ("b^2 = b",), "it.b: 0"),
        ("b: {sign: any}", ("b + b^3 = 0",), ""),
        ("b: {sign: any}", ("b*(b - 1) + 2 = 2",), ""),
        ("a: {sign: nonnegative}, b: {sign: nonnegative}", ("a*b = 0",), ""),
        ("b: {sign: any}", ("b^3 = 1/b - 15/2", "sqrt(b^2) = 2"), ""),
    ],
)
def test_zero_and_negative_solutions_are_not_lost(
    tmp_path: Path, quantities: str, equations: tuple[str, ...], given: str
) -> None:
    """b = 0 or b = −2 satisfies these: nothing may be called a contradiction."""
    assert not signed(tmp_path, quantities, equations, given).contradictions


@pytest.mark.parametrize(
    ("quantities", "equations", "given"),
    [
        ("a: {}, b: {sign: any}, c: {sign: any}", ("a^2 = b + 1000003", "b = c"), "it.a: 1000, it.c: -3"),
        ("a: {}, c: {}", ("c^9 - 9765618/5 = a/5", "16 = 16/49*a^2"), "it.c: 5"),
        (
            "a: {}, b: {}",
            ("b = sqrt(1 - a^2)",),
            "it.a: 99999999/100000000, it.b: sqrt(1-(99999999/100000000)^2)",
        ),
    ],
)
def test_what_cancels_does_not_cry_wolf(
    tmp_path: Path, quantities: str, equations: tuple[str, ...], given: str
) -> None:
    """Terms that nearly cancel lose digits of double precision; true statements stay consistent."""
    assert signed(tmp_path, quantities, equations, given).verdict == "no contradiction"


def test_a_sign_is_looked_for_along_every_path(tmp_path: Path) -> None:
    """c = 43 − 8 = 35 would make b negative in b·c = −35, also where c is given as −5."""
    quantities = "a: {sign: any}, b: {}, c: {sign: any}"
    found = signed(tmp_path, quantities, ("b*c = -35", "c = a - 8"), "it.a: 43, it.c: -5")
    assert conflicts(found) == {frozenset({"r1", "it.a", "it.c"}), frozenset({"r0", "r1", "it.a"})}


def test_a_wide_bound_does_not_hide_a_contradiction(tmp_path: Path) -> None:
    """c = 83 + c₁·b₁ is at least 83, whatever c₁ ≥ 0 and b₁ = 4.1 ± 0.2 are; it was given as 2."""
    quantities = "b1: {sign: nonnegative}, c1: {sign: nonnegative}, c: {}"
    equations = ("b1 = c1/10 + 19/5", "c + 66 = 149 + c1*b1")
    found = signed(tmp_path, quantities, equations, "it.c: 2, it.b1: {value: 4.076, within: 0.2}")
    assert found.verdict == "contradiction"
    assert all("it.c" in conflict for conflict in conflicts(found))


@pytest.mark.parametrize("path", sorted((Path(__file__).parent.parent / "scenarios").glob("*.yaml")), ids=str)
def test_the_shipped_scenarios_are_decided_whole(path: Path) -> None:
    """No search is cut off in them, and no claim stays open."""
    found = check(path)
    assert not found.incomplete
    assert found.coverage["undetermined"] == 0


def test_what_is_declared_and_never_used_is_worth_a_warning(tmp_path: Path) -> None:
    """A quantity, a constant, a kind and a parameter that neither a claim nor a rule speaks of."""
    found = report(
        tmp_path,
        """scenario: leftovers
quantities: {mass: {symbol: m, unit: kg}, spare: {unit: m}}
constants: {limit: {value: 3 kg}, leftover: {value: 1 s}}
kinds: {thing: {}, ghost: {}}
rules: {light: {claim: c, applies_to: thing, equation: m < n*limit, status: hypothesis}}
systems: {it: {is: thing}}
given: {it.mass: 2 kg}
parameters: {n: {values: [1, 2]}, k: {values: [1, 2]}}
""",
    )
    assert set(found.warnings) == {
        "quantity 'spare' is declared, and nothing uses it",
        "constant 'leftover' is declared, and nothing uses it",
        "kind 'ghost' is declared, and nothing uses it",
        "parameter 'k' is declared, and nothing uses it",
    }


POLES = ["b*(1 - a) = 1", "b = 1/(1 - a)", "b = 1/sqrt(1 - a)", "b^2*(1 - a^2) = 1", "b = sqrt(1 - a)"]


@pytest.mark.parametrize("equation", POLES)
def test_a_measurement_beyond_a_pole_is_as_many_deviations_off_as_it_takes_to_get_back(
    tmp_path: Path, equation: str
) -> None:
    """At a tenth of a standard deviation beyond the end nothing is wrong, at six it is six."""
    near = claims(tmp_path, equation, given="{it.a: {value: 1.01, uncertainty: 0.1}}")
    far = claims(tmp_path, equation, given="{it.a: {value: 1.6, uncertainty: 0.1}}")
    assert near.contradictions == ()
    (found,) = far.contradictions
    assert found.occurrences[0].sigma == pytest.approx(6, abs=0.05)


@pytest.mark.parametrize("size", [1.0, 1e-7, 1e-18, 1e9])
def test_a_measurement_of_what_is_claimed_to_be_zero(tmp_path: Path, size: float) -> None:
    """A shift fourteen standard deviations from zero contradicts that there is none, however small it is."""
    given = f"{{it.x: {{value: {size}, uncertainty: {0.07 * size}}}}}"
    (direct,) = claims(tmp_path, "x = 0", given=given).contradictions
    (derived,) = claims(tmp_path, "y + x = 0", "y = 0", given=given).contradictions
    for found in (direct, derived):
        assert found.occurrences[0].sigma == pytest.approx(1 / 0.07, rel=1e-3)


def test_a_whole_number_is_whole_in_a_sum_of_measured_terms(tmp_path: Path) -> None:
    """What is measured as half a quantum, by way of a sum, is five hundred standard deviations from one."""
    text = (
        "scenario: half a quantum\nquantities: {a: {}, b: {}, x: {sign: any}}\nkinds: {thing: {}}\nrules:\n"
        "  whole: {claim: c, applies_to: thing, quantum: {of: a, is: 1, number: whole}, status: postulate}\n"
        "  minus: {claim: c, applies_to: thing, equation: x = -a, status: law}\n"
        "  back: {claim: c, applies_to: thing, equation: b = -x, status: law}\n"
        "systems: {it: {is: thing}}\ngiven: {it.b: {value: 0.5, uncertainty: 0.001, status: measurement}}\n"
    )
    (found,) = report(tmp_path, text).contradictions
    assert (found.kind, found.occurrences[0].sigma) == ("quantum", pytest.approx(500, rel=1e-3))


@pytest.mark.parametrize(
    ("equation", "x", "y", "sigma"),
    [
        ("y/x = 2", "0, uncertainty: 1", "2, uncertainty: 0.1", 1.0),
        ("x*y = 1", "1, uncertainty: 0.1", "0, uncertainty: 2", 0.5),
        ("y = 1/x", "0, uncertainty: 1", "1, uncertainty: 0.01", 1.0),
        ("y = x^2", "0, uncertainty: 1", "1, uncertainty: 0.01", 1.0),
        ("y = x^2", "0, uncertainty: 1", "100, uncertainty: 0.01", 10.0),
        ("y = cos(x) - 1", "0, uncertainty: 1", "-0.91, uncertainty: 0.01", 1.48),
        ("y = 1/x", "2, uncertainty: 1", "-10, uncertainty: 1", 2.1),
        ("y = 1/(x - 1)", "1.1, uncertainty: 0.1", "-100, uncertainty: 1", 1.1),
        ("y = 2*x", "0, uncertainty: 1", "20, uncertainty: 1", 20 / math.sqrt(5)),
    ],
)
def test_measured_zeros_flat_places_and_poles_are_as_far_off_as_they_are(
    tmp_path: Path, equation: str, x: str, y: str, sigma: float
) -> None:
    """Where straight steps from the stated values go nowhere or astray, values nearby are found anyway."""
    found = claims(tmp_path, equation, given=f"{{it.x: {{value: {x}}}, it.y: {{value: {y}}}}}")
    if sigma < 3:
        assert found.contradictions == found.tensions == ()
    else:
        (one,) = found.contradictions
        assert one.occurrences[0].sigma == pytest.approx(sigma, rel=0.01)


def test_two_whole_numbers_that_cannot_be_are_no_silent_pass(tmp_path: Path) -> None:
    """d = n·a = k·b and 2·d² = 3·a·b need 2·n·k = 3. Where n·k = 6, there are such numbers."""
    text = (
        "scenario: s\nquantities: {a: {}, b: {}, d: {}}\nkinds: {k: {}}\nsystems: {it: {is: k}}\nrules:\n"
        "  n-times: {claim: c, applies_to: k, quantum: {of: d, is: a, number: whole}, status: hypothesis}\n"
        "  k-times: {claim: c, applies_to: k, quantum: {of: d, is: b, number: whole}, status: hypothesis}\n"
        "  product: {claim: c, applies_to: k, equation: 'FACTOR*d^2 = a*b', status: hypothesis}\n"
    )
    file = tmp_path / "scenario.yaml"
    file.write_text(text.replace("FACTOR", "2/3"))
    assert check(file).coverage["undetermined"] == 3
    file.write_text(text.replace("FACTOR", "1/6"))
    assert check(file).coverage["undetermined"] == 0


def test_a_way_out_that_cannot_be_decided_says_so(tmp_path: Path) -> None:
    """k·(V + W) = m = ρ·(V + W) leaves k and ρ equal whatever V and m are, which the search does not see."""
    file = tmp_path / "scenario.yaml"
    file.write_text(
        "scenario: s\nquantities: {k: {}, r: {}, m: {}, V: {}, W: {}}\nkinds: {b: {}}\nrules:\n"
        "  one: {claim: c, applies_to: b, equation: k*(V + W) = m, status: law}\n"
        "  two: {claim: c, applies_to: b, equation: r*(V + W) = m, status: law}\n"
        "systems: {b: {is: b}}\ngiven: {b.k: 2.0, b.r: 3.0, b.m: 5.0, b.V: 1.0}\n"
    )
    found = check(file)
    left_open = {way.give_up: way.left_open for way in found.ways_out}
    assert not left_open["b.k",]
    assert not left_open["b.r",]
    # should the search come to see it, there is no such way out any more
    assert left_open.get(("b.V", "b.m"), True)


def test_an_equation_too_many_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    """x − y = 6, said twice over, and two more equations with a third unknown: all are determined."""
    equations = ("y - x = -6", "2*x - 2*y = 12", "x + y + v2 = 1", "x - y + 2*v2 = 10")
    text = HEAD.replace("v: {unit: m/s}", "v2: {sign: any}")
    rules = "".join(
        f"  r{n}: {{claim: c, applies_to: thing, equation: '{equation}', status: postulate}}\n"
        for n, equation in enumerate(equations)
    )
    (tmp_path / "s.yaml").write_text(
        f"{text}rules:\n{rules}systems: {{it: {{is: thing}}}}\n", encoding="utf-8"
    )
    values = check(tmp_path / "s.yaml", Options(outlook=True)).values
    assert {path: values[path].value for path in values} == {
        "it.x": pytest.approx(2.5),
        "it.y": pytest.approx(-3.5),
        "it.v2": pytest.approx(2.0),
    }
