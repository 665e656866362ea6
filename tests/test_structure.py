"""Matching and decomposition of the dependency graph, against networkx and brute force."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from checker.structure import circles, matching, parts

graphs = st.dictionaries(
    st.integers(0, 7), st.frozensets(st.integers(100, 107), min_size=1, max_size=4), max_size=8
)


def bipartite(graph: dict[int, frozenset[int]]) -> nx.Graph:
    """The graph for networkx, equations without unknowns included."""
    found = nx.Graph((equation, unknown) for equation, unknowns in graph.items() for unknown in unknowns)
    found.add_nodes_from(graph)
    return found


@given(graphs)
def test_a_matching_is_as_large_as_networkx_finds(graph: dict[int, frozenset[int]]) -> None:
    """Every equation keeps an unknown of its own, and no larger set of equations can."""
    found = matching(graph)
    assert len(set(found.values())) == len(found)
    assert all(unknown in graph[equation] for equation, unknown in found.items())
    reference = nx.bipartite.hopcroft_karp_matching(bipartite(graph), top_nodes=list(graph))
    assert len(found) == len(reference) // 2


def largest_matching(graph: dict[int, frozenset[int]]) -> int:
    return len(nx.bipartite.hopcroft_karp_matching(bipartite(graph), top_nodes=list(graph))) // 2


@given(graphs)
def test_an_equation_is_overdetermined_exactly_if_a_largest_matching_can_leave_it_out(
    graph: dict[int, frozenset[int]],
) -> None:
    """By brute force: remove the equation, and the matching stays as large."""
    size = largest_matching(graph)
    spare = {
        equation
        for equation in graph
        if largest_matching({one: unknowns for one, unknowns in graph.items() if one != equation}) == size
    }
    assert parts(graph).over == spare


@given(graphs)
def test_an_equation_is_underdetermined_exactly_if_one_of_its_unknowns_can_be_free(
    graph: dict[int, frozenset[int]],
) -> None:
    """By brute force: fix an unknown that a largest matching can leave out, and reach from there."""
    size = largest_matching(graph)
    unknowns = {unknown for inside in graph.values() for unknown in inside}
    free = {
        unknown
        for unknown in unknowns
        if largest_matching({e: inside - {unknown} for e, inside in graph.items()}) == size
    }
    assert parts(graph).under == {equation for equation, inside in graph.items() if inside & free}


def test_three_equations_for_two_unknowns_are_over_and_two_for_two_are_well_determined() -> None:
    """Every pair of {x, y} equations is well determined; a third one makes all of them too many."""
    three = {1: {10, 11}, 2: {10, 11}, 3: {10, 11}}
    assert parts(three).over == {1, 2, 3}
    for pair in combinations(three, 2):
        assert parts({equation: three[equation] for equation in pair}).well == set(pair)


@given(st.dictionaries(st.integers(0, 9), st.frozensets(st.integers(0, 12), max_size=4), max_size=10))
def test_circles_are_the_strongly_connected_components(graph: dict[int, frozenset[int]]) -> None:
    """Those of networkx with more than one node."""
    arrows = nx.DiGraph((node, other) for node, others in graph.items() for other in others)
    expected = {frozenset(one) for one in nx.strongly_connected_components(arrows) if len(one) > 1}
    assert {frozenset(one) for one in circles(graph)} == expected


def test_a_circle_of_a_hundred_thousand_is_found() -> None:
    """Without recursion, and each node once."""
    size = 100_000
    (found,) = circles({node: [(node + 1) % size] for node in range(size)})
    assert sorted(found) == list(range(size))


def test_a_chain_of_a_hundred_thousand_equations_is_decomposed() -> None:
    """Each equation ties two neighbours; with both ends given there is one too many."""
    size = 100_000
    chain = {index: (index, index + 1) for index in range(size)}
    chain |= {size: (0,), size + 1: (size,)}
    assert parts(chain).over == set(chain)
