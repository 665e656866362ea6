"""The dependency graph around a contradiction → a figure in an HTML report, whose claims a choice finds."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

from checker.excerpt import Surroundings
from checker.model import Contradiction, Network
from checker.report.elements import Element, element
from checker.report.sheet import Sheet, scrolling
from checker.report.svg import to_svg

NODES = 40
"""So many nodes has a picture at most: those nearest to the quantity that comes out two ways."""
PICTURE = "graph"
"""All pictures of a page share their style under this name."""


class Graphs:
    """Draws what is around the contradictions of one scenario."""

    def __init__(self, network: Network, sheet: Sheet) -> None:
        self._around = Surroundings(network)
        self._sheet = sheet

    def draw(self, found: Contradiction) -> Element | None:
        """The picture, in a box of its own; None where it would only show two claims that meet."""
        excerpt = self._around.contradiction(found, NODES)
        if len(excerpt.network.claims) < 3:
            return None
        prefix = self._sheet.id(found.id)
        picture = _plain(fromstring(to_svg(excerpt, prefix=prefix)))
        nodes = [node for node in picture.iter("g") if node.find("title") is not None]
        for node, claim in zip(nodes[len(excerpt.network.quantities) :], excerpt.network.claims, strict=True):
            node.set("data-claim", str(self._sheet.claim(claim.premise)))
        for style in picture.findall("style"):
            self._sheet.page.style = (style.text or "").replace(f"g{prefix}", PICTURE)
            picture.remove(style)
        for node in picture.iter():
            if "class" in node.attrib:
                node.set("class", node.attrib["class"].replace(f"g{prefix}", PICTURE))
        heading = self._sheet.heading(3, "What follows from what")
        return element(
            "div", heading, scrolling("What follows from what, as a graph", picture), class_="figure"
        )


def _plain(picture: Element) -> Element:
    """The picture without the namespace, which HTML supplies."""
    for node in picture.iter():
        node.tag = node.tag.rpartition("}")[2]
    return picture
