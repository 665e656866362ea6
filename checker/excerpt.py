"""A dependency graph → the part of it around one contradiction, or around one quantity."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from checker.model import ClaimNode, Contradiction, Excerpt, Link, Network, QuantityNode, Side

MOST = 60
"""So many nodes has an excerpt at most: those nearest to what it is around."""
ARROWS = 7
"""So many links for each of these nodes."""


class Surroundings:
    """A network, ready to be asked for what is around one thing in it."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.quantities = {node.path: node for node in network.quantities}
        self.claims = {node.id: node for node in network.claims}
        self._alike: dict[tuple[str, str], list[ClaimNode]] = {}
        for node in network.claims:
            self._alike.setdefault((node.premise, node.entity), []).append(node)
        self._of_claim: dict[str, dict[str, Link]] = {}
        self._of_quantity: dict[str, dict[str, Link]] = {}
        for link in network.links:
            self._of_claim.setdefault(link.claim, {})[link.quantity] = link
            self._of_quantity.setdefault(link.quantity, {})[link.claim] = link

    def whole(self, most: int | None = None) -> Excerpt:
        """All of it, or so many nodes: those in conflict first, and what is near them."""
        first = [one.path for one in self.network.quantities if one.contradictions]
        first += [one.id for one in self.network.claims if one.contradictions]
        return self._excerpt([*first, *self.quantities, *self.claims], self.network.links, most)

    def contradiction(self, found: Contradiction, most: int = MOST) -> Excerpt:
        """The derivations in the worst place where a contradiction occurs, and where they meet. Arrows follow
        these derivations, whatever the direction in which the claims are used elsewhere."""
        worst = found.occurrences[0]
        center = self._center(found)
        on: dict[str | Link, list[int]] = {}
        sequences = [list(self._sequence(side)) for side in worst.sides]
        symbols = self._symbols(sequences)
        for number, (side, given) in enumerate(zip(worst.sides, sequences, strict=True)):
            links = list(self._derived(given, symbols, center))
            if not side.steps:
                links += self._together(side.claims, worst.entities)
            for claim, _ in given:
                on.setdefault(claim, []).append(number)
            for link in links:
                for part in (link, link.claim, link.quantity):
                    on.setdefault(part, []).append(number)
        sides = {part: tuple(sorted({*numbers})) for part, numbers in on.items()}
        nodes = [one for one in (center, *sides) if isinstance(one, str)]
        near = self._excerpt(nodes, (one for one in sides if isinstance(one, Link)), most)
        steps = [step for side in worst.sides for step in side.steps if step.quantity != center]
        values = {step.quantity: step.gives.partition(" = ")[2] for step in steps} | dict.fromkeys(symbols)
        quantities = (
            replace(node, shown=values[node.path], exact=None) if node.path in values else node
            for node in near.network.quantities
        )
        shown = tuple(f"{one.shown} = {one.exact}" if one.exact else one.shown for one in worst.sides)
        network = replace(near.network, quantities=tuple(quantities))
        return Excerpt(network, center, found.id, found.kind, shown, sides, near.left_out)

    def quantity(self, path: str, most: int = MOST) -> Excerpt:
        """All that a quantity follows from, and the claims that use it, with what these give. KeyError if
        there is no such quantity."""
        nodes: dict[str, None] = {self.quantities[path].path: None}
        waiting = deque([path])
        users = [one for one, link in self._links_of(path) if link.role != "gives"]
        while waiting:
            quantity = waiting.popleft()
            for claim, link in self._links_of(quantity):
                if claim in nodes or (link.role != "gives" and (quantity != path or link.role != "checks")):
                    continue
                nodes[claim] = None
                for other in self._of_claim[claim]:
                    if other not in nodes:
                        nodes[other] = None
                        waiting.append(other)
        for claim in users:
            nodes[claim] = None
            results = (other for other, link in self._of_claim[claim].items() if link.role in _RESULTS)
            nodes |= dict.fromkeys(results)
        links = (
            link
            for claim in nodes
            for link in self._of_claim.get(claim, {}).values()
            if link.quantity in nodes
        )
        return replace(self._excerpt(list(nodes), links, most), center=path)

    # -------------------------------------------------------- the sides of a contradiction

    def _sequence(self, side: Side) -> Iterator[tuple[str, str]]:
        """The claims of a derivation in order, each with the quantity that it gives."""
        for step in side.steps:
            alike = [one.id for one in self._alike.get((step.claim, step.entity), ())]
            about_it = (one for one in alike if step.quantity in self._of_claim.get(one, ()))
            if (claim := next(about_it, alike[0] if alike else None)) is not None:
                yield claim, step.quantity

    def _symbols(self, sequences: Iterable[Sequence[tuple[str, str]]]) -> set[str]:
        """The quantities that several claims of the derivations speak of and none gives: they go on as
        symbols, and cancel."""
        given = {quantity for sequence in sequences for _, quantity in sequence}
        claims = dict.fromkeys(claim for sequence in sequences for claim, _ in sequence)
        shared = Counter(other for claim in claims for other in self._of_claim.get(claim, ()))
        return {quantity for quantity, times in shared.items() if times > 1} - given

    def _center(self, found: Contradiction) -> str | None:
        """The quantity that comes out several ways, or else the claim whose two sides do not agree."""
        worst = found.occurrences[0]
        if worst.quantity in self.quantities:
            return worst.quantity
        if found.kind == "dimension":
            return self._alike[found.claims[0].id, worst.entities[0]][0].id
        stated = list(self._sequence(worst.sides[0])) if worst.sides else []
        return stated[-1][0] if stated and not stated[-1][1] else None

    def _derived(
        self, given: Sequence[tuple[str, str]], symbols: set[str], center: str | None
    ) -> Iterator[Link]:
        """The links of one side: each claim with what it gives and with what it takes from earlier ones."""
        place = {quantity: position for position, (_, quantity) in enumerate(given)}
        pairs = {*given}
        for position, (claim, quantity) in enumerate(given):
            if quantity in self.quantities:
                yield Link(claim, quantity, "gives")
            for other in self._of_claim.get(claim, ()):
                if (claim, other) in pairs or claim == center:
                    continue
                if other in place:
                    yield Link(claim, other, "needs" if place[other] < position else "ties")
                elif other in symbols:
                    yield Link(claim, other, "needs")
        if center in self.claims:
            for other in self._of_claim.get(center, ()):
                if other in place:
                    yield Link(center, other, "needs")

    def _together(self, premises: Iterable[str], entities: Iterable[str]) -> Iterator[Link]:
        """The links of claims that say something together and none of them alone."""
        where = list(entities)
        for premise in premises:
            for entity in where:
                for node in self._alike.get((premise, entity), ()):
                    yield from self._of_claim.get(node.id, {}).values()

    # -------------------------------------------------------- not too much of it

    def _links_of(self, quantity: str) -> Iterable[tuple[str, Link]]:
        return self._of_quantity.get(quantity, {}).items()

    def _excerpt(self, wanted: list[str], links: Iterable[Link], most: int | None) -> Excerpt:
        """Of the nodes that are wanted those nearest to the first one, with the links between them."""
        inside, chosen = dict.fromkeys(wanted), list(dict.fromkeys(links))
        room = len(inside) if most is None else most
        while True:
            keep = inside.keys() if len(inside) <= room else _nearest(inside, chosen, room)
            between = tuple(one for one in chosen if one.claim in keep and one.quantity in keep)
            if most is None or len(between) <= ARROWS * most:
                break
            room = len(keep) // 2
        quantities = tuple(node for path, node in self.quantities.items() if path in keep)
        claims = tuple(node for id_, node in self.claims.items() if id_ in keep)
        return Excerpt(Network(quantities, claims, between), left_out=len(inside) - len(keep))


def _nearest(inside: Mapping[str, None], links: Iterable[Link], room: int) -> Collection[str]:
    """So many nodes: what can be reached from the first one, the nearest first, then from the next one."""
    beside: dict[str, list[str]] = {}
    for link in links:
        beside.setdefault(link.claim, []).append(link.quantity)
        beside.setdefault(link.quantity, []).append(link.claim)
    kept: dict[str, None] = {}
    for start in inside:
        waiting = deque([start])
        while waiting and len(kept) < room:
            node = waiting.popleft()
            if node in inside and node not in kept:
                kept[node] = None
                waiting.extend(beside.get(node, ()))
    return kept


_RESULTS = ("gives", "checks")


def arrows(network: Network) -> list[tuple[str, str]]:
    """Where each link leads from and to: as the derivation goes, and through claims that leave all open away
    from the quantity that most of them speak of."""
    bound = {link.claim for link in network.links if link.role != "ties"}
    beside: dict[str, list[str]] = {}
    for link in network.links:
        if link.claim not in bound:
            beside.setdefault(link.quantity, []).append(link.claim)
            beside.setdefault(link.claim, []).append(link.quantity)
    distance: dict[str, int] = {}
    quantities = {link.quantity for link in network.links}
    for start in sorted(beside, key=lambda one: (one not in quantities, -len(beside[one]))):
        waiting = deque([] if start in distance else [start])
        distance.setdefault(start, 0)
        while waiting:
            node = waiting.popleft()
            for other in beside[node]:
                if other not in distance:
                    distance[other] = distance[node] + 1
                    waiting.append(other)
    ends = []
    for link in network.links:
        away = link.claim in bound or distance[link.claim] < distance[link.quantity]
        outward = link.role != "needs" and away
        ends.append((link.claim, link.quantity) if outward else (link.quantity, link.claim))
    return ends


def signs(excerpt: Excerpt) -> dict[str, str]:
    """The nodes that bear a sign, by id or path, with what it says: around a contradiction, where its sides
    meet; else each quantity in which one shows or a tension, or which all claims that check it agree with."""
    network, found = excerpt.network, dict[str, str]()
    if len(excerpt.sides) < 2:
        standing = {one.id: one.standing for one in network.claims}
        checks: dict[str, set[str]] = {}
        for link in network.links:
            if link.role == "checks":
                checks.setdefault(link.quantity, set()).add(standing[link.claim])
        for one in network.quantities:
            if one.contradictions:
                found[one.path] = _trouble(one.contradictions)
            elif one.shown and checks.get(one.path) == {"holds"}:
                found[one.path] = "agreement"
    if excerpt.found and excerpt.center is not None:
        found[excerpt.center] = _trouble([excerpt.found])
    return found


def _trouble(ids: Iterable[str]) -> str:
    return "tension" if all(one.startswith("t") for one in ids) else "contradiction"


def unfixed(excerpt: Excerpt) -> str:
    """Why quantities that are drawn without a value have none."""
    nodes: list[QuantityNode | ClaimNode] = [*excerpt.network.quantities, *excerpt.network.claims]
    troubled = any(_trouble(one.contradictions) == "contradiction" for one in nodes if one.contradictions)
    # a part of a graph may leave out where the contradiction is
    everything = excerpt.center is None and not excerpt.left_out
    nothing = "no claim outside a contradiction fixes it"
    if everything and not troubled:
        nothing = "nothing fixes it"
    return f"it cancels, or {nothing}" if len(excerpt.sides) > 1 else nothing
