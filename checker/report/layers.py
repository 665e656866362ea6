"""Boxes and arrows between them → where each box stands and how each arrow runs, layer by layer.

Sugiyama, Tagawa & Toda (IEEE Trans. SMC 11, 1981): arrows that close a circle are turned round for the while,
each box comes a layer after those before it, long arrows get a place in every layer they pass, the order
within layers is improved by barycenters, and places are least squares that keep this order (pool adjacent
violators). The maintained Python libraries for it recurse or are programs of their own.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from checker.grouping import overlapping

SWEEPS = 12
SETTLING = 40
MOST_PLACES = 6_000
"""Once long arrows have taken so many places in layers, further ones run straight."""
BETWEEN_LAYERS, BETWEEN_BOXES, BETWEEN_LINES, BETWEEN_PARTS = 46.0, 24.0, 14.0, 40.0
BETWEEN_PORTS = 13.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the boxes have their centres, through which points each arrow runs (from its start to its end),
    and how wide and high all of it is."""

    centers: tuple[Point, ...]
    routes: tuple[tuple[Point, ...], ...]
    layers: tuple[int, ...]
    width: float
    height: float


def layered(sizes: Sequence[Point], arrows: Sequence[tuple[int, int]]) -> Layout:
    """A drawing from left to right of boxes with these widths and heights. Parts without an arrow between
    them stand beneath the largest one, and beside each other where they are not wider than it together."""
    parts: list[tuple[list[int], list[int], _Part]] = []
    inside = overlapping([[node] for node in range(len(sizes))] + [[*arrow] for arrow in arrows])
    for group in inside:
        nodes = [one for one in group if one < len(sizes)]
        edges = [one - len(sizes) for one in group if one >= len(sizes)]
        number = {node: place for place, node in enumerate(nodes)}
        own = [(number[arrows[edge][0]], number[arrows[edge][1]]) for edge in edges]
        parts.append((nodes, edges, _Part([sizes[node] for node in nodes], own)))
    parts.sort(key=lambda part: -len(part[0]))
    centers: dict[int, Point] = {}
    routes: dict[int, tuple[Point, ...]] = {}
    layers: dict[int, int] = {}
    room = max((part.width for *_, part in parts), default=0.0)
    x = y = row = width = 0.0
    for nodes, edges, part in parts:
        if x and x + part.width > room:
            x, y, row = 0.0, y + row + BETWEEN_PARTS, 0.0
        centers |= {node: (x + a, y + b) for node, (a, b) in zip(nodes, part.centers, strict=True)}
        layers |= dict(zip(nodes, part.layer, strict=False))
        for edge, route in zip(edges, part.routes, strict=True):
            routes[edge] = tuple((x + a, y + b) for a, b in route)
        width, row = max(width, x + part.width), max(row, part.height)
        x += part.width + BETWEEN_PARTS
    return Layout(
        tuple(centers[node] for node in range(len(sizes))),
        tuple(routes[edge] for edge in range(len(arrows))),
        tuple(layers[node] for node in range(len(sizes))),
        width,
        y + row,
    )


class _Part:
    """Boxes that arrows tie together, drawn from (0, 0) on. Numbers from `boxes` on are places that long
    arrows have in layers."""

    def __init__(self, sizes: Sequence[Point], arrows: Sequence[tuple[int, int]]) -> None:
        self.sizes = list(sizes)
        self.boxes = len(sizes)
        self.arrows = arrows
        turned = _turned(len(sizes), arrows)
        forward = [(b, a) if edge in turned else (a, b) for edge, (a, b) in enumerate(arrows)]
        self.layer = _layers(len(sizes), forward)
        self.ways = self._ways(forward)
        self.before: list[list[int]] = [[] for _ in self.sizes]
        self.after: list[list[int]] = [[] for _ in self.sizes]
        for way in self.ways:
            for a, b in pairwise(way):
                self.after[a].append(b)
                self.before[b].append(a)
        self.rows = self._ordered()
        self.y = self._places()
        self.routes = self._routes(turned)

    def _ways(self, forward: Sequence[tuple[int, int]]) -> list[list[int]]:
        """The boxes and places that each arrow runs through."""
        ways, places = [], 0
        for a, b in forward:
            way, span = [a], self.layer[b] - self.layer[a] - 1
            if places + span <= MOST_PLACES:
                for layer in range(self.layer[a] + 1, self.layer[b]):
                    way.append(len(self.sizes))
                    self.sizes.append((0.0, 0.0))
                    self.layer.append(layer)
                places += span
            ways.append([*way, b])
        return ways

    def _ordered(self) -> list[list[int]]:
        """The layers, each in an order with few crossings."""
        rows: list[list[int]] = [[] for _ in range(max(self.layer) + 1)]
        for node, layer in enumerate(self.layer):
            rows[layer].append(node)
        best, fewest = [list(row) for row in rows], self._crossings(rows)
        for sweep in range(SWEEPS):
            down = sweep % 2 == 0
            place = {node: float(i) for row in rows for i, node in enumerate(row)}
            for row in rows if down else reversed(rows):
                beside = self.before if down else self.after
                row.sort(key=lambda node, b=beside, p=place: _mean((p[o] for o in b[node]), p[node]))  # type: ignore[misc]
                place |= {node: float(i) for i, node in enumerate(row)}
            if (crossings := self._crossings(rows)) < fewest:
                best, fewest = [list(row) for row in rows], crossings
        return best

    def _crossings(self, rows: Sequence[Sequence[int]]) -> int:
        place = {node: i for row in rows for i, node in enumerate(row)}
        crossings = 0
        for row in rows:
            ends: list[int] = []
            for node in row:
                targets = sorted(place[other] for other in self.after[node])
                crossings += sum(len(ends) - bisect_right(ends, target) for target in targets)
                for target in targets:
                    insort(ends, target)
        return crossings

    def _places(self) -> list[float]:
        """Heights that keep the order and bring each box near the mean of its neighbours."""
        y = [0.0] * len(self.sizes)
        gaps = [self._gaps(row) for row in self.rows]
        for row, gap in zip(self.rows, gaps, strict=True):
            for node, offset in zip(row, gap, strict=True):
                y[node] = offset - gap[-1] / 2
        pull = [[(o, self._pull(n, o)) for o in self.before[n] + self.after[n]] for n in range(len(y))]
        total = [sum(weight for _, weight in one) or 1.0 for one in pull]
        for sweep in range(SETTLING):
            order = list(zip(self.rows, gaps, strict=True))
            for row, gap in order if sweep % 2 == 0 else reversed(order):
                if sweep < SWEEPS:
                    beside = self.before if sweep % 2 == 0 else self.after
                    wanted = [_mean((y[o] for o in beside[n]), y[n]) for n in row]
                else:
                    wanted = [sum(y[o] * w for o, w in pull[n]) / total[n] if pull[n] else y[n] for n in row]
                shifted = [a - b for a, b in zip(wanted, gap, strict=True)]
                rising = _rising(shifted, [total[node] for node in row])
                for node, value, offset in zip(row, rising, gap, strict=True):
                    y[node] = value + offset
        top = min(y[node] - self.sizes[node][1] / 2 for node in range(len(y)))
        self.height = max(y[node] + self.sizes[node][1] / 2 for node in range(len(y))) - top
        return [one - top for one in y]

    def _pull(self, one: int, other: int) -> float:
        """How much it matters that two neighbours are level: most for the inside of a long arrow (Gansner,
        Koutsofios, North & Vo, IEEE Trans. Softw. Eng. 19, 1993)."""
        return (1.0, 2.0, 8.0)[(one >= self.boxes) + (other >= self.boxes)]

    def _gaps(self, row: Sequence[int]) -> list[float]:
        """How far each box of a layer is from the first, at least."""
        offsets = [0.0]
        for one, other in pairwise(row):
            both = one < self.boxes and other < self.boxes
            gap = BETWEEN_BOXES if both else BETWEEN_LINES
            offsets.append(offsets[-1] + (self.sizes[one][1] + self.sizes[other][1]) / 2 + gap)
        return offsets

    def _routes(self, turned: Collection[int]) -> list[tuple[Point, ...]]:
        widths = [max(self.sizes[node][0] for node in row) for row in self.rows]
        left = [sum(widths[:i]) + BETWEEN_LAYERS * i for i in range(len(widths))]
        self.width = left[-1] + widths[-1]
        middle = [a + b / 2 for a, b in zip(left, widths, strict=True)]
        self.centers = [(middle[self.layer[node]], self.y[node]) for node in range(self.boxes)]
        starts, ends = self._ports(0), self._ports(-1)
        routes = []
        for edge, way in enumerate(self.ways):
            a, b = way[0], way[-1]
            points = [(self.centers[a][0] + self.sizes[a][0] / 2, starts[edge])]
            for place in way[1:-1]:
                layer = self.layer[place]
                points += [(left[layer], self.y[place]), (left[layer] + widths[layer], self.y[place])]
            points.append((self.centers[b][0] - self.sizes[b][0] / 2, ends[edge]))
            routes.append(tuple(reversed(points)) if edge in turned else tuple(points))
        return routes

    def _ports(self, end: int) -> dict[int, float]:
        """The height at which each arrow touches the box at one end of it, in the order of where they go."""
        touching: dict[int, list[int]] = {}
        for edge, way in enumerate(self.ways):
            touching.setdefault(way[end], []).append(edge)
        beside = 1 if end == 0 else -2
        found = {}
        for node, edges in touching.items():
            edges.sort(key=lambda edge: self.y[self.ways[edge][beside]])
            step = min(BETWEEN_PORTS, 0.6 * self.sizes[node][1] / len(edges))
            for place, edge in enumerate(edges):
                found[edge] = self.y[node] + (place - (len(edges) - 1) / 2) * step
        return found


def _turned(count: int, arrows: Sequence[tuple[int, int]]) -> set[int]:
    """Arrows without which, turned round, there is no circle: those that lead back on a way through all."""
    leaving: list[list[int]] = [[] for _ in range(count)]
    entered = [False] * count
    for edge, (a, b) in enumerate(arrows):
        leaving[a].append(edge)
        entered[b] = True
    turned: set[int] = set()
    state = [0] * count  # 1: on the way, 2: left behind
    for start in sorted(range(count), key=lambda node: entered[node]):
        if state[start]:
            continue
        state[start] = 1
        path = [(start, iter(leaving[start]))]
        while path:
            node, edges = path[-1]
            for edge in edges:
                other = arrows[edge][1]
                if state[other] == 1:
                    turned.add(edge)
                elif not state[other]:
                    state[other] = 1
                    path.append((other, iter(leaving[other])))
                    break
            else:
                state[node] = 2
                path.pop()
    return turned


def _layers(count: int, arrows: Sequence[tuple[int, int]]) -> list[int]:
    """The layer of each box: one after the last of those before it, or, where more arrows leave it than
    enter it, one before the first of those after it."""
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for a, b in arrows:
        after[a].append(b)
        before[b].append(a)
    missing = [len(one) for one in before]
    order = [node for node in range(count) if not missing[node]]
    for node in order:  # grows on the way
        for other in after[node]:
            missing[other] -= 1
            if not missing[other]:
                order.append(other)
    layer = [0] * count
    for node in order:
        layer[node] = max((layer[other] + 1 for other in before[node]), default=0)
    for node in reversed(order):
        if len(after[node]) > len(before[node]):
            layer[node] = min(layer[other] for other in after[node]) - 1
    first = min(layer, default=0)
    return [one - first for one in layer]


def _rising(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The numbers nearest to some values, in least squares, that never fall."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        mean, total, count = value, weight, 1
        while blocks and blocks[-1][0] >= mean:
            other, heavy, many = blocks.pop()
            mean = (mean * total + other * heavy) / (total + heavy)
            total, count = total + heavy, count + many
        blocks.append((mean, total, count))
    return [mean for mean, _, count in blocks for _ in range(count)]


def _mean(values: Iterable[float], otherwise: float) -> float:
    found = list(values)
    return sum(found) / len(found) if found else otherwise
