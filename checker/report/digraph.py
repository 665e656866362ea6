"""A dependency graph, or a part of it → a graph of networkx, and GraphML. The only door to networkx."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from checker.model import ClaimNode, Excerpt, Network, QuantityNode
from checker.report.wording import clean

if TYPE_CHECKING:
    from networkx import DiGraph as DiGraph


def to_digraph(picture: Excerpt | Network) -> DiGraph[str]:
    """Nodes by path and by claim, `kind` "quantity" or "claim", with what is known of each; edges follow the
    derivation, with their `role` and, around a contradiction, the `sides` (0, 1 …) that they are part of.
    Several values are one text, with spaces between them; what is not known is left out."""
    from networkx import DiGraph

    excerpt = picture if isinstance(picture, Excerpt) else Excerpt(picture)
    graph: DiGraph[str] = DiGraph()
    for quantity in excerpt.network.quantities:
        on = _text(excerpt.on.get(quantity.path, ()))
        graph.add_node(quantity.path, kind="quantity", **_attributes(quantity, "path"), **on)
    for claim in excerpt.network.claims:
        on = _text(excerpt.on.get(claim.id, ()))
        graph.add_node(claim.id, kind="claim", **_attributes(claim, "id"), **on)
    for link in excerpt.network.links:
        ends = link.claim, link.quantity
        # A claim gives nothing to a quantity that it only ties; where it ties it to what it gives itself, the
        # claims that are solved together make a circle.
        start, end = ends[::-1] if link.role in ("needs", "ties") else ends
        graph.add_edge(start, end, role=link.role, **_text(excerpt.on.get(link, ())))
    return graph


def to_graphml(picture: Excerpt | Network) -> str:
    """The same as a file for yEd, Gephi, Cytoscape and others."""
    from networkx import generate_graphml

    return "\n".join(generate_graphml(to_digraph(clean(picture)))) + "\n"


def _attributes(node: QuantityNode | ClaimNode, name: str) -> dict[str, Any]:
    values = {each.name: getattr(node, each.name) for each in fields(node) if each.name != name}
    values["contradictions"] = " ".join(node.contradictions)
    return {key: value for key, value in values.items() if value not in (None, "")}


def _text(sides: tuple[int, ...]) -> dict[str, str]:
    return {"sides": " ".join(map(str, sides))} if sides else {}
