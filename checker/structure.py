"""The dependency graph of equations and unknowns → its over-, well- and underdetermined parts.

Dulmage–Mendelsohn decomposition (Pothen & Fan, ACM TOMS 16, 1990) by a maximum matching (Hopcroft & Karp,
SIAM J. Comput. 2, 1973) and alternating paths. Nothing here recurses: chains of 10⁵ equations are ordinary.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass

Graph = Mapping[int, Collection[int]]
"""Each equation with the unknowns in it."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The equations of each part. Those in `over` can contradict each other by their number alone; those in
    `well` have as many unknowns, and may still have no solution; those in `under` always leave something
    free."""

    over: frozenset[int]
    well: frozenset[int]
    under: frozenset[int]


def matching(graph: Graph) -> dict[int, int]:
    """A largest set of equations, each with an unknown of its own."""
    of_equation: dict[int, int] = {}
    of_unknown: dict[int, int] = {}
    for equation in sorted(graph, key=lambda one: len(graph[one])):
        for unknown in graph[equation]:
            if unknown not in of_unknown:
                of_equation[equation], of_unknown[unknown] = unknown, equation
                break
    while levels := _levels(graph, of_equation, of_unknown):
        for start in [equation for equation in graph if equation not in of_equation]:
            _augment(graph, levels, start, of_equation, of_unknown)
    return of_equation


def _levels(graph: Graph, of_equation: dict[int, int], of_unknown: dict[int, int]) -> dict[int, int]:
    """Distances of equations from the unmatched ones along alternating paths; empty if no path ends at an
    unmatched unknown."""
    levels = {equation: 0 for equation in graph if equation not in of_equation}
    waiting, reached = deque(levels), False
    while waiting:
        equation = waiting.popleft()
        for unknown in graph[equation]:
            following = of_unknown.get(unknown)
            if following is None:
                reached = True
            elif following not in levels:
                levels[following] = levels[equation] + 1
                waiting.append(following)
    return levels if reached else {}


def _augment(
    graph: Graph, levels: dict[int, int], start: int, of_equation: dict[int, int], of_unknown: dict[int, int]
) -> None:
    """Match one more equation along a shortest path, if one is left; levels used up are removed."""
    path: list[tuple[int, int]] = []
    choices = [(start, iter(graph[start]))]
    while choices:
        equation, unknowns = choices[-1]
        for unknown in unknowns:
            following = of_unknown.get(unknown)
            if following is None:
                for one, other in [*path, (equation, unknown)]:
                    of_equation[one], of_unknown[other] = other, one
                return
            if levels.get(following) == levels[equation] + 1:
                path.append((equation, unknown))
                choices.append((following, iter(graph[following])))
                break
        else:
            levels[equation] = -1
            choices.pop()
            if path:
                path.pop()


def parts(graph: Graph) -> Parts:
    """The Dulmage–Mendelsohn parts; they do not depend on the matching found."""
    of_equation = matching(graph)
    of_unknown = {unknown: equation for equation, unknown in of_equation.items()}
    over = {equation for equation in graph if equation not in of_equation}
    waiting = list(over)
    while waiting:
        for unknown in graph[waiting.pop()]:
            following = of_unknown[unknown]
            if following not in over:
                over.add(following)
                waiting.append(following)
    containing: dict[int, list[int]] = {}
    for equation, unknowns in graph.items():
        for unknown in unknowns:
            containing.setdefault(unknown, []).append(equation)
    under: set[int] = set()
    free = [unknown for unknown in containing if unknown not in of_unknown]
    while free:
        for equation in containing[free.pop()]:
            if equation not in under:
                under.add(equation)
                free.append(of_equation[equation])
    return Parts(frozenset(over), frozenset(graph.keys() - over - under), frozenset(under))


def circles(graph: Mapping[int, Collection[int]]) -> list[list[int]]:
    """The strongly connected components with more than one node (Tarjan, SIAM J. Comput. 1, 1972), each node
    mapped to those that its arrows lead to."""
    number: dict[int, int] = {}
    lowest: dict[int, int] = {}
    found: list[list[int]] = []
    for start in graph:
        if start in number:
            continue
        number[start] = lowest[start] = len(number)
        path, open_, inside = [(start, iter(graph[start]))], [start], {start}
        while path:
            node, following = path[-1]
            for other in following:
                if other not in number:
                    number[other] = lowest[other] = len(number)
                    path.append((other, iter(graph.get(other, ()))))
                    open_.append(other)
                    inside.add(other)
                    break
                if other in inside:
                    lowest[node] = min(lowest[node], number[other])
            else:
                path.pop()
                if path:
                    before = path[-1][0]
                    lowest[before] = min(lowest[before], lowest[node])
                if lowest[node] == number[node]:
                    component = [open_.pop()]
                    while component[-1] != node:
                        component.append(open_.pop())
                    inside.difference_update(component)
                    if len(component) > 1:
                        found.append(component)
    return found
