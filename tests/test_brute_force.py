"""The engine against brute force, and against itself where the claims are written in another way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import HealthCheck, Phase, assume, given, note, settings
from hypothesis import strategies as st
from oracle import Answers, UndecidableError, answers, ways_out
from pysat.examples.hitman import Hitman
from random_claims import Claims, as_yaml, shuffled, systems_of_claims
from scipy.optimize import linprog

from checker.farkas import infeasible
from checker.ground import ground
from checker.grouping import overlapping
from checker.hitting_sets import minimal_hitting_sets
from checker.load import load_scenario
from checker.model import Contradiction, Report, Scenario
from checker.pipeline import Options, check_scenario
from checker.value import Value

SCENARIOS = sorted((Path(__file__).parent.parent / "scenarios").rglob("*.yaml"))

# the same examples in every run, and a failing one as it was found: shrinking takes minutes here
slowly = settings(
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def found(report: Report) -> Answers:
    """What a report says, as sets of disputed premises; ways out of a conflict of held premises left out."""

    def premises(entries: tuple[Contradiction, ...]) -> set[frozenset[str]]:
        return {frozenset(claim.id for claim in entry.claims if not claim.held) for entry in entries}

    conflicts = premises(report.contradictions)
    menus = {frozenset(way.give_up) for way in report.ways_out} if frozenset() not in conflicts else set()
    return Answers(conflicts, premises(report.tensions), menus)


def by_brute_force(scenario: Scenario) -> Answers:
    """The union over all cases of the parameters; ways out settle the conflicts of every case."""
    cases: list[dict[str, Value]] = [{}]
    for name, values in scenario.parameters.items():
        cases = [{**case, name: value} for case in cases for value in values]
    several = [answers(ground(scenario, case)) for case in cases]
    conflicts = set().union(*(one.conflicts for one in several))
    return Answers(conflicts, set().union(*(one.tensions for one in several)), ways_out(conflicts))


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Scenario, Report]]:
    """The scenario that a text writes, and the report on it."""
    path = tmp_path_factory.mktemp("claims") / "random.yaml"

    def check(text: str) -> tuple[Scenario, Report]:
        note(text)
        path.write_text(text, encoding="utf-8")
        scenario = load_scenario(path)
        return scenario, check_scenario(scenario, Options())

    return check


Check = Callable[[str], tuple[Scenario, Report]]

# ---------------------------------------------------------------- against brute force


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_scenarios_have_the_conflicts_that_brute_force_finds(path: Path) -> None:
    """In every scenario small enough, trying all sets of premises gives what the report says."""
    scenario = load_scenario(path)
    try:
        expected = by_brute_force(scenario)
    except UndecidableError as reason:
        pytest.skip(str(reason))
    assert found(check_scenario(scenario, Options())) == expected


@settings(slowly, max_examples=15)
@given(systems_of_claims(uncertain=False))
def test_random_claims_have_the_conflicts_that_brute_force_finds(checked: Check, claims: Claims) -> None:
    """Powers, sums, bounds and quanta of lengths, some of them off: all minimal conflicts and ways out."""
    _compare(checked, claims)


@settings(slowly, max_examples=10)
@given(systems_of_claims(uncertain=True))
def test_random_measurements_strain_as_brute_force_says(checked: Check, claims: Claims) -> None:
    """With standard uncertainties, too, conflicts and tensions are those of the definition."""
    _compare(checked, claims)


def _compare(checked: Check, claims: Claims) -> None:
    scenario, report = checked(as_yaml(claims))
    try:
        expected = by_brute_force(scenario)
    except UndecidableError:
        return
    result = found(report)
    if report.coverage["undetermined"] or report.incomplete:
        # what could not be decided may hide a conflict, but must not make one up
        assert all(any(real <= one for real in expected.conflicts) for one in result.conflicts)
    else:
        assert result == expected


# ---------------------------------------------------------------- the same claims, written in another way


def _renamed(sets: set[frozenset[str]], old: str, new: str) -> set[frozenset[str]]:
    return {frozenset(new + id_.removeprefix(old) for id_ in one) for one in sets}


@settings(slowly, max_examples=12)
@given(systems_of_claims(), st.sampled_from(["cm", "Å", "pm"]))
def test_units_do_not_matter(checked: Check, claims: Claims, unit: str) -> None:
    """Lengths in metres and the same lengths in another unit contradict each other in the same way."""
    _, metres = checked(as_yaml(claims))
    _, others = checked(as_yaml(claims, unit=unit))
    assert found(others) == found(metres)


@settings(slowly, max_examples=12)
@given(systems_of_claims(), st.integers())
def test_the_order_of_rules_does_not_matter(checked: Check, claims: Claims, seed: int) -> None:
    """Rules written in another order contradict each other in the same way."""
    _, before = checked(as_yaml(claims))
    _, after = checked(as_yaml(shuffled(claims, seed)))
    assert found(after) == found(before)


@settings(slowly, max_examples=12)
@given(systems_of_claims())
def test_names_do_not_matter(checked: Check, claims: Claims) -> None:
    """A thing and its rules under other names, sorted differently, have the same conflicts."""
    _, before = checked(as_yaml(claims, names=["one"]))
    _, after = checked(as_yaml(claims, names=["zebra"]))
    assert found(after).conflicts == _renamed(found(before).conflicts, "one", "zebra")
    assert found(after).tensions == _renamed(found(before).tensions, "one", "zebra")
    assert found(after).ways_out == _renamed(found(before).ways_out, "one", "zebra")


@settings(slowly, max_examples=12)
@given(systems_of_claims(), systems_of_claims())
def test_systems_that_share_nothing_do_not_meet(checked: Check, one: Claims, two: Claims) -> None:
    """Two systems side by side have the conflicts of each and menus of their own, never their product."""
    _, first = checked(as_yaml(one, names=["one"]))
    _, second = checked(as_yaml(two, names=["two"]))
    _, both = checked(as_yaml(one, two, names=["one", "two"]))
    assert found(both).conflicts == found(first).conflicts | found(second).conflicts
    assert found(both).tensions == found(first).tensions | found(second).tensions
    assert found(both).ways_out == found(first).ways_out | found(second).ways_out


@settings(slowly, max_examples=12)
@given(systems_of_claims(), st.integers(0, 10))
def test_a_rule_said_twice_is_given_up_twice(checked: Check, claims: Claims, chosen: int) -> None:
    """Each conflict with a rule occurs with its double, and whoever gives up one must give up both."""
    disputed = [rule for rule in claims.rules if rule.status == "hypothesis"]
    rule = disputed[chosen % len(disputed)]
    double = replace(rule, id=f"{rule.id}-double")
    _, before = checked(as_yaml(claims))
    _, after = checked(as_yaml(replace(claims, rules=(*claims.rules, double))))
    one, two = f"one-{rule.id}", f"one-{double.id}"
    doubled = {conflict - {one} | {two} for conflict in found(before).conflicts if one in conflict}
    assert found(after).conflicts == found(before).conflicts | doubled
    if frozenset({one}) in found(before).conflicts:  # then each has a menu of its own
        assert {frozenset({one}), frozenset({two})} <= found(after).ways_out
    else:
        assert found(after).ways_out == {way | {two} if one in way else way for way in found(before).ways_out}


@settings(slowly, max_examples=12)
@given(systems_of_claims())
def test_what_follows_from_held_claims_adds_nothing(checked: Check, claims: Claims) -> None:
    """The squares of held laws, held as well, change neither conflicts nor ways out."""
    laws = [rule for rule in claims.rules if rule.status == "law" and rule.relation.startswith("equation: ")]
    assume(laws and all(rule.within is None for rule in laws))
    consequences = []
    for rule in laws:
        left, _, right = rule.relation.removeprefix("equation: ").partition(" = ")
        assume(right)
        consequences.append(
            replace(rule, id=f"{rule.id}-squared", relation=f"equation: ({left})^2 = ({right})^2")
        )
    _, before = checked(as_yaml(claims))
    _, after = checked(as_yaml(replace(claims, rules=(*claims.rules, *consequences))))
    assert found(after) == found(before)


# ---------------------------------------------------------------- the parts of the engine that stand alone

some_sets = st.lists(st.frozensets(st.integers(0, 7), max_size=4), max_size=8)


@given(some_sets)
def test_minimal_hitting_sets_are_all_of_them(sets: list[frozenset[int]]) -> None:
    """Among all subsets, the minimal ones that meet every set, each once; none meets an empty set."""
    elements = sorted(frozenset().union(*sets))
    expected: list[frozenset[int]] = []
    for size in range(len(elements) + 1):
        for chosen in map(frozenset, combinations(elements, size)):
            if all(chosen & one for one in sets) and not any(other <= chosen for other in expected):
                expected.append(chosen)
    result = list(minimal_hitting_sets(sets))
    assert len(result) == len(set(result))
    assert set(result) == set(expected)


@given(st.lists(st.frozensets(st.integers(0, 9), min_size=1, max_size=5), min_size=1, max_size=10))
def test_minimal_hitting_sets_are_those_of_hitman(sets: list[frozenset[int]]) -> None:
    """PySAT's Hitman, which asks a SAT solver, enumerates the same minimal hitting sets."""
    with Hitman(bootstrap_with=sets, htype="sorted") as hitman:
        expected = set(map(frozenset, hitman.enumerate()))
    assert set(minimal_hitting_sets(sets)) == expected


@given(some_sets)
def test_overlapping_sets_are_connected_components(sets: list[frozenset[int]]) -> None:
    """Groups are the components of the graph in which sets with a common element are neighbours."""
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(sets)))
    graph.add_edges_from((i, j) for i, j in combinations(range(len(sets)), 2) if sets[i] & sets[j])
    groups = overlapping(sets)
    assert {frozenset(group) for group in groups} == set(map(frozenset, nx.connected_components(graph)))
    assert [number for group in groups for number in sorted(group)] == [n for group in groups for n in group]


@st.composite
def boxed_rows(draw: st.DrawFn) -> tuple[list[list[int]], list[bool], list[int], list[int], list[int]]:
    """Rows over a few variables, each of them between two bounds."""
    width, height = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    rows = [[draw(st.integers(-3, 3)) for _ in range(width)] for _ in range(height)]
    low = [draw(st.integers(-3, 1)) for _ in range(width)]
    return (
        rows,
        [draw(st.booleans()) for _ in range(height)],
        [draw(st.integers(-6, 6)) for _ in range(height)],
        low,
        [one + draw(st.integers(0, 3)) for one in low],
    )


@given(boxed_rows())
def test_rows_are_infeasible_when_a_linear_program_says_so(
    problem: tuple[list[list[int]], list[bool], list[int], list[int], list[int]],
) -> None:
    """The answer is scipy's, and the multipliers prove it: they give a row that nothing in the box meets."""
    rows, equal, right, low, high = problem
    upper = [(row, limit) for row, limit, exact in zip(rows, right, equal, strict=True) if not exact]
    exact = [(row, limit) for row, limit, exact in zip(rows, right, equal, strict=True) if exact]
    program = linprog(
        [0] * len(low),
        A_ub=[row for row, _ in upper] or None,
        b_ub=[limit for _, limit in upper] or None,
        A_eq=[row for row, _ in exact] or None,
        b_eq=[limit for _, limit in exact] or None,
        bounds=list(zip(low, high, strict=True)),
    )
    multipliers = infeasible(rows, equal, right, low, high)
    assert (multipliers is not None) == (program.status == 2)
    if multipliers is None:
        return
    assert all(one >= -1e-9 for one, exact in zip(multipliers, equal, strict=True) if not exact)
    combined = [sum(m * row[j] for m, row in zip(multipliers, rows, strict=True)) for j in range(len(low))]
    least = sum(min(c * a, c * b) for c, a, b in zip(combined, low, high, strict=True))
    assert least > sum(m * limit for m, limit in zip(multipliers, right, strict=True)) + 1e-9
