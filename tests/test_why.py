"""Every way in which a quantity follows is found, and whether the ways agree."""

from __future__ import annotations

import random
import re
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path

import pytest
from sympy import Matrix

from checker.cli import main
from checker.consistency import Oracle
from checker.derivation import Deriver
from checker.expression import Name
from checker.ground import ground
from checker.load import load_scenario
from checker.model import WaysApart, Why
from checker.pipeline import check, ways_to
from checker.report.why import _comparisons, why_text
from checker.terms import system
from checker.why import ways

SCENARIOS = Path(__file__).parent.parent / "scenarios"


def told(found: Why) -> str:
    return why_text(found, 100, colour=False)


def test_the_radius_of_helium_is_stated_and_follows() -> None:
    """31 pm from the table, a₀/7 in five steps; they contradict each other by a factor 4.1."""
    found = ways_to(SCENARIOS / "helium.yaml", "helium.radius")
    stated, derived = found.ways
    assert (stated.shown, stated.claims) == ("31 pm", ("helium.radius",))
    assert (derived.exact, len(derived.steps)) == ("a_0/7", 5)
    assert set(derived.claims) == {
        "quantum-per-system",
        "angular-momentum-adds",
        "electrons-orbit-at-the-atom-radius",
        "orbital-angular-momentum",
        "two-electron-atom",
    }
    (apart,) = found.apart
    assert (apart.how, apart.ratio) == ("contradict", pytest.approx(31 / 7.559674, rel=1e-6))
    assert found.complete
    text = told(found)
    assert "follows in 2 ways, which do not agree" in text
    assert "B  7.560 pm = a₀/7  derived in 5 steps" in text
    assert "A and B contradict each other: a factor 4.10 apart." in text
    assert "5  r = a₀/7 = 7.560 pm" in text


def test_ways_that_agree_are_each_shown() -> None:
    """The superintendent, the fall and the shadows tell one height, within what each leaves open."""
    found = ways_to(SCENARIOS / "building-height.yaml", "building.height")
    assert [one.shown for one in found.ways] == ["45 m", "44.15 m", "46.71 m"]
    assert {one.how for one in found.apart} == {"agree"}
    assert "follows in 3 ways, which agree" in told(found)
    assert "A to C agree." in told(found)


def test_measurements_are_apart_by_standard_deviations() -> None:
    """The neutron's lifetime in a beam and in bottles: 9.35 s apart, in doubt by 2.25 s and 0.43 s."""
    found = ways_to(SCENARIOS / "gallery" / "neutron-lifetime-average.yaml", "neutron.lifetime")
    (apart,) = found.apart
    assert apart.how == "tension"
    assert apart.sigma == pytest.approx((887.7 - 878.35) / (2.25**2 + 0.43**2) ** 0.5, rel=1e-6)
    assert "A and B are in tension: 4.1 σ apart." in told(found)


def test_a_conflict_of_many_ways_is_told_once() -> None:
    """Eleven sets of claims give the carriages' energy, all as much off the twelfth: one sentence for all."""
    text = told(ways_to(SCENARIOS / "railway-cars.yaml", "train.kinetic_energy"))
    assert "  A contradicts B to L: a factor 1.09 apart.\n" in text
    assert text.count(" apart") == 1
    assert "A to D all contradict each other: a factor 5 apart at most." in told(
        ways_to(SCENARIOS / "gallery" / "helium-radius.yaml", "helium.radius")
    )


def ways_of(words: str) -> list[int]:
    """The ways in `A, C to E and G`."""
    found: list[int] = []
    for first, last in re.findall(r"([A-L])(?: to ([A-L]))?", words):
        found += range(ord(first) - ord("A"), ord(last or first) - ord("A") + 1)
    return found


@pytest.mark.parametrize("seed", range(200))
def test_what_is_told_of_each_two_ways_is_true_and_all_is_told(seed: int) -> None:
    """Random ways, some as alike as twins: read back, the sentences say of each two that do not agree how far
    apart they are, or no less; they say nothing of others, and the farthest come first."""
    rng = random.Random(seed)
    twin = [rng.randrange(4) for _ in range(rng.randint(2, 7))]
    far = {pair: rng.choice((1.0, 3.5, 4.5, 7.25, 20.5, None)) for pair in combinations(range(4), 2)}
    apart, sizes = [], {}
    for i, j in combinations(range(len(twin)), 2):
        sigma = far.get((min(twin[i], twin[j]), max(twin[i], twin[j])), 1.0)
        if rng.random() < 0.1:
            sigma = rng.choice((3.25, 6.5))
        how = "contradict" if sigma is None or sigma > 5 else "tension" if sigma > 3 else "agree"
        apart.append(WaysApart(i, j, how, 3.5 if sigma is None else 1.5, None, sigma))
        if how != "agree":
            sizes[i, j] = how, 1e6 if sigma is None else sigma
    said: set[tuple[int, int]] = set()
    order = []
    for line in _comparisons(tuple(apart)):
        read = re.fullmatch(r"(.*?)( (?:all )?contradicts?| (?:is|are)(?: all)? in)\b(.*): (.*)", line)
        if read is None:
            assert "agree" in line
            continue
        one, verb, rest, size = read.groups()
        other = ways_of(rest)
        pairs = [*product(ways_of(one), other)] if other else [*combinations(ways_of(one), 2)]
        number, most = float(re.findall(r"[0-9.]+", size)[0]), "at most" in size
        in_words = {"a factor 3.50 apart": 1e6}.get(size.rstrip("."), number)
        for pair in map(tuple, map(sorted, pairs)):
            how, true = sizes[pair]
            assert how == ("contradict" if "contradict" in verb else "tension")
            assert true <= in_words + 0.05 if most else true == pytest.approx(in_words, abs=0.051)
        said |= {(min(pair), max(pair)) for pair in pairs}
        order.append((how == "contradict", in_words))
    assert said == {*sizes}
    assert order == sorted(order, reverse=True)


def test_where_nothing_gives_a_value_it_is_said_what_is_missing() -> None:
    """The nucleus' share would follow from the whole atom's angular momentum, which is open."""
    found = ways_to(SCENARIOS / "helium.yaml", "helium.nucleus.angular_momentum")
    assert (found.ways, [one.claim for one in found.speaking]) == ((), ["angular-momentum-adds @ helium"])
    assert found.speaking[0].needs == ("helium.angular_momentum",)
    text = told(found)
    assert "helium.nucleus.angular_momentum (L) gets no value from any claim" in text
    assert "needs: helium.angular_momentum" in text


def test_what_a_kind_supplies_is_no_claim() -> None:
    """An electron has its mass by being one."""
    found = ways_to(SCENARIOS / "helium.yaml", "helium.pair.electron.mass")
    assert found.by_kind == "m_e"
    assert "9.109·10⁻³¹ kg = m_e  by its kind" in told(found)


def test_an_unknown_quantity_is_a_clear_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    """Status 2, and what was probably meant."""
    assert main(["why", str(SCENARIOS / "helium.yaml"), "helium.radus"]) == 2
    assert "did you mean 'helium.radius'?" in capsys.readouterr().err
    assert main(["why", str(SCENARIOS / "helium.yaml"), "helium.radius"]) == 0
    assert capsys.readouterr().out.startswith("helium.radius (r) follows in 2 ways")


def test_a_quantity_goes_by_its_symbol(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The last part may be a symbol, in any spelling of it, as under `given`; one that two quantities share
    is not guessed at; a symbol is that of a quantity of this entity, and of no other."""
    assert ways_to(SCENARIOS / "helium.yaml", "helium.r").quantity == "helium.radius"
    file = tmp_path / "symbols.yaml"
    file.write_text(
        "scenario: s\nkinds: {k: {}}\nsystems: {it: {is: k}, that: {is: k}}\n"
        "quantities: {a: {symbol: x}, b: {symbol: x}, c: {symbol: ε₀}, d: {symbol: y}}\n"
        "given: {it.a: 1, it.b: 2, it.c: 3, that.d: 4}\n",
        encoding="utf-8",
    )
    assert ways_to(file, "it.ε0").quantity == "it.c"
    assert main(["why", str(file), "it.x"]) == 2
    assert "it may be it.a or it.b" in capsys.readouterr().err
    assert main(["why", str(file), "it.y"]) == 2
    assert "no claim speaks about a quantity 'it.y'" in capsys.readouterr().err


def test_where_nothing_is_like_it_the_quantities_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ten are named, those of the same system first, and the others counted."""
    lines = ["scenario: s", "quantities:", *(f"  q{n}: {{}}" for n in range(12)), "kinds: {k: {}}"]
    lines += ["systems: {that: {is: k}, it: {is: k}}", "given:", *(f"  that.q{n}: 1" for n in range(12))]
    file = tmp_path / "many.yaml"
    file.write_text("\n".join([*lines, "  it.q3: 1"]) + "\n", encoding="utf-8")
    assert main(["why", str(file), "it.weight"]) == 2
    told = capsys.readouterr().err
    listed = ", ".join(["it.q3", *(f"that.q{n}" for n in range(9))])
    assert told.splitlines()[1].strip() == f"the quantities are {listed} and 3 more"


def random_claims(seed: int, sums: bool, count: int = 5) -> tuple[str, list[str], list[list[int]]]:
    """A scenario of claims that are true of planted values, their premises, and the coefficients (of sums)
    or exponents (of products) of each claim's quantities."""
    rng = random.Random(seed)
    values = [Fraction(rng.randint(1, 9)) for _ in range(count)]
    rules, rows = [], []
    for _ in range(rng.randint(3, 6)):
        inside = rng.sample(range(count), rng.randint(2, 3))
        row = [0] * count
        for one in inside:
            row[one] = rng.choice((-2, -1, 1, 2) if sums else (-1, 1))
        if sums:
            total = sum((c * v for c, v in zip(row, values, strict=True)), Fraction(0))
            rules.append(" + ".join(f"({row[i]})*x{i}" for i in inside) + f" = {total}")
        else:
            product = Fraction(1)
            for c, v in zip(row, values, strict=True):
                product *= v**c
            rules.append("*".join(f"x{i}^({row[i]})" for i in inside) + f" = {product}")
        rows.append(row)
    given = rng.sample(range(count), rng.randint(1, 2))
    lines = ["scenario: s", "quantities:"]
    lines += [f"  x{i}: {{sign: {'any' if sums else 'positive'}}}" for i in range(count)]
    lines += ["kinds: {k: {}}", "rules:"]
    lines += [
        f"  r{n}: {{claim: c, applies_to: k, status: model, equation: '{rule}'}}"
        for n, rule in enumerate(rules)
    ]
    lines += ["systems: {it: {is: k}}", "given:", *(f"  it.x{i}: {values[i]}" for i in given)]
    rows += [[int(i == one) for i in range(count)] for one in given]
    names = [*(f"r{n}" for n in range(len(rules))), *(f"it.x{i}" for i in given)]
    return "\n".join(lines) + "\n", names, rows


def minimal_by_rank(rows: list[list[int]], wanted: int) -> set[frozenset[int]]:
    """The smallest subsets of rows that have the wanted unknown in their span: it is determined by them."""
    unit = [int(i == wanted) for i in range(len(rows[0]))]
    found: list[frozenset[int]] = []
    for size in range(1, len(rows) + 1):
        for subset in combinations(range(len(rows)), size):
            if any(one <= {*subset} for one in found):
                continue
            chosen = [rows[i] for i in subset]
            if Matrix([*chosen, unit]).rank() == Matrix(chosen).rank():
                found.append(frozenset(subset))
    return {*found}


@pytest.mark.parametrize("sums", [False, True], ids=["products", "sums"])
@pytest.mark.parametrize("seed", range(40))
def test_the_ways_are_those_of_brute_force(seed: int, sums: bool, tmp_path: Path) -> None:
    """Over all subsets of claims, those with the quantity in their span and no claim to spare."""
    text, names, rows = random_claims(seed, sums)
    file = tmp_path / "random.yaml"
    file.write_text(text, encoding="utf-8")
    grounded = ground(load_scenario(file, ()), {})
    deriver = Deriver(grounded, Oracle(system(grounded), grounded.claims, frozenset()))
    everything = range(len(grounded.claims))
    assert [claim.premise for claim in grounded.claims] == names
    for wanted in range(len(rows[0])):
        found, complete = ways(deriver, Name(("it", f"x{wanted}")), everything, most=1000)
        assert complete
        assert {*found} == minimal_by_rank(rows, wanted)


def test_a_long_search_says_that_more_may_exist(tmp_path: Path) -> None:
    """Three steps with three claims each that do the same: 27 ways, of which twelve are shown."""
    lines = ["scenario: s", "quantities: {x0: {}, x1: {}, x2: {}, x3: {}}", "kinds: {k: {}}", "rules:"]
    lines += [
        f"  r{step}-{n}: {{claim: c, applies_to: k, status: model, equation: 'x{step + 1} = 2*x{step}'}}"
        for step in range(3)
        for n in range(3)
    ]
    lines += ["systems: {it: {is: k}}", "given: {it.x0: 1}"]
    file = tmp_path / "many.yaml"
    file.write_text("\n".join(lines), encoding="utf-8")
    found = ways_to(file, "it.x3")
    assert (len(found.ways), found.complete) == (12, False)
    assert "follows in 12 ways at least, which agree" in told(found)
    assert "more ways may exist" in told(found)


def test_a_step_gives_what_stands_in_its_equation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of two claims that are solved together, the one without the quantity asked for gives the other one, and
    first."""
    path = tmp_path / "square.yaml"
    path.write_text(
        "scenario: s\nkinds: {box: {}}\nquantities:\n  a: {symbol: aa, unit: m}\n  b: {symbol: bb, unit: m}\n"
        "  k: {symbol: kk, unit: m, sign: any}\nrules:\n"
        "  r1: {claim: x, applies_to: box, equation: aa*bb = kk^2, status: model}\n"
        "  r2: {claim: x, applies_to: box, equation: kk^2 = 4*aa^2, status: model}\n"
        "systems: {bx: {is: box}}\ngiven: {bx.a: 1 m, bx.b: 8 m}\n"
    )
    (found,) = check(path).contradictions
    steps = [step for side in found.occurrences[0].sides for step in side.steps if step.claim in ("r1", "r2")]
    assert {step.claim for step in steps} == {"r1", "r2"}
    assert all(step.gives.split()[0] in step.equation for step in steps)
    assert main(["why", str(path), "bx.b"]) == 0
    told = [
        line.split()
        for line in capsys.readouterr().out.splitlines()
        if "r1 @ bx" in line or "r2 @ bx" in line
    ]
    assert [(words[1], words[-3]) for words in told if words[0].isdecimal()] == [("kk", "r2"), ("bb", "r1")]
