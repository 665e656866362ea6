"""Conflicts among uncertain measurements are those of the definition: the engine against brute force, against
the package uncertainties, and against chance."""

from __future__ import annotations

import math
import random
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from networks import Network, Truth, UndecidableError, drawn, ways_out
from oracle import answers
from uncertainties import ufloat, umath

from checker.ground import ground
from checker.load import load_scenario
from checker.model import Contradiction, Report
from checker.pipeline import Options, check_scenario

SAMPLE = [
    *((form, seed) for form in ("linear", "product", "mixed") for seed in range(18)),
    *(("quanta", seed) for seed in (2, 19, 25)),
    *(("counted sums", seed) for seed in (7, 11, 14, 16, 20, 43)),
]


def checked(folder: Path, text: str) -> Report:
    """The report on a scenario."""
    path = folder / "network.yaml"
    path.write_text(text, encoding="utf-8")
    return check_scenario(load_scenario(path), Options())


def by_premises(entries: tuple[Contradiction, ...]) -> dict[frozenset[str], Contradiction]:
    return {frozenset(claim.id for claim in entry.claims if not claim.held): entry for entry in entries}


def sigma(report: Report) -> float:
    """The standard deviations of the one disagreement in a report."""
    (only,) = (*report.contradictions, *report.tensions)
    found = only.occurrences[0].sigma
    return math.inf if found is None else found


# ---------------------------------------------------------------- against brute force


@pytest.mark.parametrize(("form", "seed"), SAMPLE)
def test_networks_have_the_conflicts_of_the_definition(tmp_path: Path, form: str, seed: int) -> None:
    """Random measurements tied by sums, products, inequalities and whole numbers, some of them held: their
    conflicts, tensions, standard deviations and ways out are those of all subsets."""
    network = drawn(seed, form)
    truth = Truth(network)
    try:
        strong, weak = truth.answers()
    except UndecidableError as reason:
        pytest.skip(str(reason))
    report = checked(tmp_path, network.as_yaml())
    found = by_premises(report.contradictions), by_premises(report.tensions)
    assert (found[0].keys(), found[1].keys()) == (strong.keys(), weak.keys())
    for entry, strain in [(found[0][one], strong[one]) for one in strong] + [
        (found[1][one], weak[one]) for one in weak
    ]:
        assert (entry.occurrences[0].sigma or math.inf) == pytest.approx(math.sqrt(strain), rel=1e-6)
    if form != "mixed":  # without signs, curved relations are not decided by the oracle
        _same_kinds(network, truth, {**found[0], **found[1]})
    if frozenset() not in strong:
        assert {frozenset(way.give_up) for way in report.ways_out} == ways_out(strong.keys())


def _same_kinds(network: Network, truth: Truth, found: dict[frozenset[str], Contradiction]) -> None:
    for premises, entry in found.items():
        kinds = {
            one.kind
            for one in truth.misfits
            if premises == {network.claims[i].id for i in one.claims if not network.claims[i].held}
        }
        assert entry.kind in kinds


# ---------------------------------------------------------------- what brute force has found


HEAD = "scenario: A case\nkinds: {thing: {}}\nsystems: {it: {is: thing}}\n"


def test_a_slight_disagreement_hides_no_larger_one(tmp_path: Path) -> None:
    """a = b is 2σ off with a held value of b and 5.3σ off with another: that is a conflict all the same."""
    report = checked(
        tmp_path,
        HEAD + "quantities: {a: {}, b: {}}\n"
        "rules: {same: {claim: c, applies_to: thing, equation: a = b, status: hypothesis}}\n"
        "hold: [definition, law, it.b@table]\n"
        "given:\n  it.a: {value: 10, uncertainty: 1}\n"
        "  it.b:\n    - {name: table, value: 13, uncertainty: 1}\n"
        "    - {name: meter, value: 17.5, uncertainty: 1}\n",
    )
    found = by_premises(report.contradictions)
    expected = frozenset({"it.a", "same", "it.b@meter"})
    assert found.keys() == {expected}
    assert found[expected].occurrences[0].sigma == pytest.approx(7.5 / math.sqrt(2))
    assert by_premises(report.tensions).keys() == {frozenset({"it.b@meter"})}


def test_of_several_reasons_the_worst_is_shown(tmp_path: Path) -> None:
    """a is 2σ off one held law and 6σ off another: it is in conflict, whichever is looked at first."""
    for first, second in ((12, 16), (16, 12)):
        report = checked(
            tmp_path,
            HEAD + "quantities: {a: {}}\nrules:\n"
            f"  one: {{claim: c, applies_to: thing, equation: a >= {first}, status: law}}\n"
            f"  two: {{claim: c, applies_to: thing, equation: a >= {second}, status: law}}\n"
            "given: {it.a: {value: 10, uncertainty: 1}}\n",
        )
        assert sigma(report) == pytest.approx(6)


def test_a_bound_absorbs_part_of_a_deviation(tmp_path: Path) -> None:
    """A value of 10 within 1 and with σ = 0.5 is 4/√1.25 of the joint deviation from 15 ± 1: the bound does
    not change what a standard deviation is."""
    report = checked(
        tmp_path,
        HEAD + "quantities: {a: {}}\ngiven:\n  it.a:\n"
        "    - {name: one, value: 10, within: 1, uncertainty: 0.5}\n"
        "    - {name: two, value: 15, uncertainty: 1}\n",
    )
    assert sigma(report) == pytest.approx(4 / math.sqrt(1.25), rel=1e-9)


def test_whole_numbers_on_both_sides_are_tried(tmp_path: Path) -> None:
    """A charge of 2.46(5) in units of 1.00(5): nearer to 2 quanta, but with less strain 3. Then the same with
    a second condition that counts in the same unit."""
    one = "  counts: {claim: c, applies_to: thing, quantum: {of: q, is: e, number: whole}, status: law}\n"
    values = "given: {it.q: {value: 2.46, uncertainty: 0.05}, it.e: {value: 1, uncertainty: 0.05}}\n"
    report = checked(tmp_path, HEAD + "quantities: {q: {}, e: {}, p: {}}\nrules:\n" + one + values)
    by_number = {n: abs(2.46 - n) / math.hypot(0.05, n * 0.05) for n in (2, 3)}
    assert by_number[3] < by_number[2]
    assert sigma(report) == pytest.approx(by_number[3], rel=1e-6)
    two = "  again: {claim: c, applies_to: thing, quantum: {of: p, is: e, number: whole}, status: law}\n"
    law = "  tied: {claim: c, applies_to: thing, equation: p + q = 6*e, status: law}\n"
    report = checked(
        tmp_path, HEAD + "quantities: {q: {}, e: {}, p: {}}\nrules:\n" + one + two + law + values
    )
    assert sigma(report) == pytest.approx(by_number[3], rel=1e-6)


def test_a_strain_is_not_met_by_vanishing(tmp_path: Path) -> None:
    """c <= 2b/a and c >= b/2 say a <= 4, though nothing is left of either where b and c go to zero."""
    report = checked(
        tmp_path,
        HEAD + "quantities: {a: {}, b: {}, c: {}}\nrules:\n"
        "  one: {claim: c, applies_to: thing, equation: a*c <= 2*b, status: law}\n"
        "  two: {claim: c, applies_to: thing, equation: 2*c >= b, status: law}\n"
        "given: {it.a: {value: 10, uncertainty: 0.5}}\n",
    )
    assert sigma(report) == pytest.approx(12)


def test_a_bound_strains_through_a_function(tmp_path: Path) -> None:
    """y = exp(x) with x = -2.44 ± 0.3 and y <= 0.001 is (ln 1000 - 2.44)/0.3 standard deviations off."""
    report = checked(
        tmp_path,
        HEAD + "quantities: {x: {sign: any}, y: {sign: any}}\nrules:\n"
        "  grows: {claim: c, applies_to: thing, equation: y = exp(x), status: law}\n"
        "  small: {claim: c, applies_to: thing, equation: y <= 0.001, status: hypothesis}\n"
        "given: {it.x: {value: -2.44, uncertainty: 0.3}}\n",
    )
    assert sigma(report) == pytest.approx((math.log(1000) - 2.44) / 0.3, rel=1e-6)


def test_three_values_that_strain_slightly_are_no_conflict(tmp_path: Path) -> None:
    """Values of one quantity of which every two agree within 3σ are no conflict, however many they are."""
    values = "".join(f"    - {{name: n{i}, value: {10 + i % 3}, uncertainty: 0.5}}\n" for i in range(60))
    report = checked(tmp_path, HEAD + "quantities: {a: {}}\ngiven:\n  it.a:\n" + values)
    assert (report.contradictions, report.tensions, report.incomplete) == ((), (), False)


def test_two_clusters_are_in_conflict_pair_by_pair(tmp_path: Path) -> None:
    """Five values around 1.0(1) and five around 2.0(1): all 25 pairs, and two ways out."""
    values = [(f"n{i}", 1 + i / 100) for i in range(5)] + [(f"m{i}", 2 + i / 100) for i in range(5)]
    lines = "".join(f"    - {{name: {n}, value: {v}, uncertainty: 0.1}}\n" for n, v in values)
    report = checked(tmp_path, HEAD + "quantities: {a: {}}\ngiven:\n  it.a:\n" + lines)
    expected = {frozenset({f"it.a@n{i}", f"it.a@m{j}"}) for i in range(5) for j in range(5)}
    assert by_premises(report.contradictions).keys() == expected
    assert {frozenset(way.give_up) for way in report.ways_out} == {
        frozenset(f"it.a@{letter}{i}" for i in range(5)) for letter in "nm"
    }


def test_one_pair_among_two_hundred_values_is_found(tmp_path: Path) -> None:
    """Of 19,900 pairs the tense ones, and those alone, within seconds."""
    chance = random.Random(1)
    values = [round(chance.gauss(10, 0.05), 3) for _ in range(198)] + [9.63, 10.37]
    lines = "".join(f"    - {{name: n{i}, value: {v}, uncertainty: 0.1}}\n" for i, v in enumerate(values))
    start = process_time()
    report = checked(tmp_path, HEAD + "quantities: {a: {}}\ngiven:\n  it.a:\n" + lines)
    assert process_time() - start < 5
    assert by_premises(report.contradictions).keys() == {frozenset({"it.a@n198", "it.a@n199"})}
    assert not report.incomplete


def test_the_oracle_keeps_a_sum_with_a_small_addend(tmp_path: Path) -> None:
    """One over the reduced mass of a deuteron and an electron: what holds by definition is no conflict."""
    path = tmp_path / "deuteron.yaml"
    path.write_text(
        "scenario: A deuteron and an electron\nuse: [particles]\nquantities: {reduced_mass: {unit: kg}}\n"
        "kinds: {atom: {}}\nrules:\n  reduced: {claim: c, applies_to: atom, status: hypothesis, "
        "equation: 1/reduced_mass = sum(1/parts.mass)}\n"
        "systems: {d: {is: atom, parts: {e: {is: electron}, n: {is: deuteron}}}}\n"
        "given: {d.reduced_mass: m_e*m_d/(m_e + m_d)}\n",
        encoding="utf-8",
    )
    assert answers(ground(load_scenario(path), {})).conflicts == set()


# ---------------------------------------------------------------- correlations


def test_a_shared_input_cancels(tmp_path: Path) -> None:
    """A = k·x and B = k·y with an uncertain k: the ratio A/B has the deviation of x/y alone, as uncertainties
    has it, too, in logarithms."""
    k, x, y, ratio = ufloat(2.0, 0.2), ufloat(3.0, 0.009), ufloat(1.5, 0.003), ufloat(2.05, 0.004)
    report = checked(
        tmp_path,
        HEAD + "quantities: {A: {}, B: {}, k: {}, x: {}, y: {}, r: {}}\nrules:\n"
        "  first: {claim: c, applies_to: thing, equation: A = k*x, status: law}\n"
        "  second: {claim: c, applies_to: thing, equation: B = k*y, status: law}\n"
        "  ratio: {claim: c, applies_to: thing, equation: r = A/B, status: law}\n"
        "given: {it.k: {value: 2, uncertainty: 0.2}, it.x: {value: 3, uncertainty: 0.009},"
        " it.y: {value: 1.5, uncertainty: 0.003}, it.r: {value: 2.05, uncertainty: 0.004}}\n",
    )
    difference = umath.log(k * x / (k * y)) - umath.log(ratio)
    assert sigma(report) == pytest.approx(abs(difference.n) / difference.s, rel=5e-3)
    (only,) = report.contradictions
    assert "it.k" not in {claim.id for claim in only.claims}


def test_a_shared_input_cancels_in_part(tmp_path: Path) -> None:
    """A = k + x and B = k - y, and A + B/2 is stated: straight, so the deviation is that of uncertainties."""
    k, x, y, total = ufloat(10, 0.5), ufloat(2.0, 0.1), ufloat(1.0, 0.2), ufloat(12.0, 0.3)
    report = checked(
        tmp_path,
        HEAD + "quantities: {A: {sign: any}, B: {sign: any}, k: {}, x: {sign: any}, y: {sign: any}, t: {}}\n"
        "rules:\n"
        "  first: {claim: c, applies_to: thing, equation: A = k + x, status: law}\n"
        "  second: {claim: c, applies_to: thing, equation: B = k - y, status: law}\n"
        "  total: {claim: c, applies_to: thing, equation: t = A + B/2, status: law}\n"
        "given: {it.k: {value: 10, uncertainty: 0.5}, it.x: {value: 2, uncertainty: 0.1},"
        " it.y: {value: 1, uncertainty: 0.2}, it.t: {value: 12, uncertainty: 0.3}}\n",
    )
    difference = (k + x) + (k - y) / 2 - total
    assert sigma(report) == pytest.approx(abs(difference.n) / difference.s, rel=1e-6)


def test_a_strain_is_that_of_chance(tmp_path: Path) -> None:
    """Where measurements scatter around values that satisfy a law, its strain is χ² with one degree of
    freedom: so many of 40,000 draws are as far off as the report says they should be."""
    report = checked(
        tmp_path,
        HEAD + "quantities: {a: {}, b: {}, c: {}}\nrules:\n"
        "  law-of-sums: {claim: c, applies_to: thing, equation: c = a + 2*b, status: law}\n"
        "given: {it.a: {value: 10, uncertainty: 0.3}, it.b: {value: 5, uncertainty: 0.2},"
        " it.c: {value: 21.8, uncertainty: 0.2}}\n",
    )
    z = sigma(report)
    drawn_ = np.random.default_rng(5).normal([10, 5, 20], [0.3, 0.2, 0.2], (40_000, 3))
    gaps = np.abs(drawn_[:, 2] - drawn_[:, 0] - 2 * drawn_[:, 1])
    share = float((gaps > 1.8).mean())
    expected = math.erfc(z / math.sqrt(2))
    assert share == pytest.approx(expected, abs=4 * math.sqrt(expected / 40_000))
