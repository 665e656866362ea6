"""Elements of a page, kept as a tree until the page is written: text and attributes are escaped by what
writes the tree, so that nothing in them can become markup."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

__all__ = ["Child", "Element", "element", "extend", "to_html"]

Child = Element | str | None | Iterable["Child"]


def element(tag: str, *children: Child, **attributes: str | int | bool | None) -> Element:
    """An element with its children in order. `class_` is written class, `aria_label` aria-label; an attribute
    that is None or False is left out, one that is True has no value."""
    node = Element(tag)
    for name, value in attributes.items():
        if value is not None and value is not False:
            node.set(name.rstrip("_").replace("_", "-"), "" if value is True else str(value))
    return extend(node, children)


def extend(node: Element, children: Iterable[Child]) -> Element:
    """The element with more children behind those that it has."""
    for child in children:
        if isinstance(child, str):
            if len(node):
                node[-1].tail = (node[-1].tail or "") + child
            else:
                node.text = (node.text or "") + child
        elif isinstance(child, Element):
            node.append(child)
        elif child is not None:
            extend(node, child)
    return node


def to_html(node: Element) -> str:
    """The element as HTML. What a `style` or a `script` holds is written as it is: never text from a file."""
    return tostring(node, encoding="unicode", method="html")
