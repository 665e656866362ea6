"""A layered drawing: arrows lead forward, boxes keep apart, lines cross little."""

from __future__ import annotations

import itertools
import random

import networkx as nx
import pytest
from scipy.optimize import isotonic_regression

from checker.report.layers import BETWEEN_BOXES, Layout, _rising, layered


def drawn(
    graph: nx.DiGraph[int], seed: int
) -> tuple[list[tuple[float, float]], list[tuple[int, int]], Layout]:
    rng = random.Random(seed)
    sizes = [(rng.uniform(40, 200), rng.uniform(20, 80)) for _ in graph]
    edges = list(graph.edges)
    return sizes, edges, layered(sizes, edges)


def acyclic(seed: int) -> nx.DiGraph[int]:
    rng = random.Random(seed)
    count = rng.randint(1, 40)
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(count))
    numbers = rng.sample(range(count), count)
    for _ in range(rng.randint(0, 2 * count)):
        a, b = sorted(rng.sample(range(count), 2)) if count > 1 else (0, 0)
        if a != b:
            graph.add_edge(numbers[a], numbers[b])
    return graph


@pytest.mark.parametrize("seed", range(60))
def test_every_arrow_of_an_acyclic_graph_leads_forward(seed: int) -> None:
    """Each box stands wholly to the right of those before it, and each arrow runs from edge to edge, never
    back."""
    graph = acyclic(seed)
    sizes, edges, layout = drawn(graph, seed)
    for (a, b), route in zip(edges, layout.routes, strict=True):
        assert layout.layers[a] < layout.layers[b]
        right = layout.centers[a][0] + sizes[a][0] / 2
        left = layout.centers[b][0] - sizes[b][0] / 2
        assert (route[0][0], route[-1][0]) == (pytest.approx(right), pytest.approx(left))
        assert all(x0 <= x1 + 1e-9 for (x0, _), (x1, _) in itertools.pairwise(route))
        assert abs(route[0][1] - layout.centers[a][1]) <= sizes[a][1] / 2
        assert abs(route[-1][1] - layout.centers[b][1]) <= sizes[b][1] / 2


@pytest.mark.parametrize("seed", range(60))
def test_boxes_keep_apart_and_inside(seed: int) -> None:
    """No two boxes overlap, whatever is tied to what, and all are within the picture."""
    rng = random.Random(seed)
    graph = nx.gnm_random_graph(30, rng.randint(0, 60), seed=seed, directed=True)
    sizes, _, layout = drawn(graph, seed)
    for (one, (w, h)), (other, (v, g)) in itertools.combinations(zip(layout.centers, sizes, strict=True), 2):
        apart_x = abs(one[0] - other[0]) - (w + v) / 2
        apart_y = abs(one[1] - other[1]) - (h + g) / 2
        assert max(apart_x, apart_y) >= BETWEEN_BOXES - 1e-6
    for (x, y), (w, h) in zip(layout.centers, sizes, strict=True):
        assert x - w / 2 >= -1e-6 and x + w / 2 <= layout.width + 1e-6
        assert y - h / 2 >= -1e-6 and y + h / 2 <= layout.height + 1e-6


def test_a_circle_is_drawn_with_one_arrow_back() -> None:
    """Of a circle of five, four arrows lead forward and one back, and each keeps its own start and end."""
    _, edges, layout = drawn(nx.cycle_graph(5, create_using=nx.DiGraph), 1)
    back = [(a, b) for a, b in edges if layout.layers[a] >= layout.layers[b]]
    assert len(back) == 1
    for (a, _), route in zip(edges, layout.routes, strict=True):
        assert abs(route[0][1] - layout.centers[a][1]) < 50
        assert (route[0][0] < route[-1][0]) == ((a, edges[edges.index((a, (a + 1) % 5))][1]) not in back)


def test_parts_without_an_arrow_between_them_stand_apart() -> None:
    """Three chains are three rows, each straight."""
    graph = nx.disjoint_union_all([nx.path_graph(n, create_using=nx.DiGraph) for n in (4, 4, 4)])
    layout = layered([(50.0, 20.0)] * 12, list(graph.edges))
    heights = [{round(layout.centers[node][1], 6) for node in range(4 * i, 4 * i + 4)} for i in range(3)]
    assert [len(one) for one in heights] == [1, 1, 1]
    assert len(set.union(*heights)) == 3


def test_lines_that_need_not_cross_do_not() -> None:
    """A ladder whose boxes come in a jumbled order is untangled."""
    rungs = 8
    top, bottom = list(range(rungs)), list(range(rungs, 2 * rungs))
    random.Random(3).shuffle(bottom)
    arrows = [(top[i], bottom[i]) for i in range(rungs)] + [(top[i], bottom[i + 1]) for i in range(rungs - 1)]
    layout = layered([(50.0, 20.0)] * 16, arrows)
    y = [center[1] for center in layout.centers]
    crossings = sum((y[a] - y[c]) * (y[b] - y[d]) < 0 for (a, b), (c, d) in itertools.combinations(arrows, 2))
    assert crossings == 0


@pytest.mark.parametrize("seed", range(20))
def test_places_are_least_squares_that_keep_their_order(seed: int) -> None:
    """The isotonic regression is that of SciPy."""
    rng = random.Random(seed)
    values = [rng.gauss(0, 1) for _ in range(12)]
    weights = [rng.choice((1.0, 2.0, 8.0)) for _ in values]
    assert _rising(values, weights) == pytest.approx(isotonic_regression(values, weights=weights).x)


def test_nothing_is_drawn_as_nothing() -> None:
    """No boxes, no picture; and no fault."""
    assert layered([], []) == Layout((), (), (), 0.0, 0.0)


def test_a_long_chain_takes_no_recursion_and_no_square_of_time() -> None:
    """20,000 boxes in a row, and an arrow from the first to each hundredth."""
    count = 20_000
    arrows = [(n, n + 1) for n in range(count - 1)] + [(0, n) for n in range(100, count, 100)]
    layout = layered([(1.0, 1.0)] * count, arrows)
    assert list(layout.layers) == list(range(count))
