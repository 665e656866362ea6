"""A dependency graph, or a part of it → text from which other programs draw it: DOT and Mermaid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from checker.excerpt import arrows, signs
from checker.model import ClaimNode, Excerpt, Link, Network, QuantityNode
from checker.report.wording import SIGNS, clean, equals, typeset

LONGEST = 60
"""Characters of a line in a node; the rest is cut."""

SIDES = "AB"


def to_dot(picture: Excerpt | Network, title: str = "") -> str:
    """A graph for Graphviz, from left to right."""
    excerpt, title = _excerpt(picture), clean(title)
    marks = signs(excerpt)
    lines = ["digraph {", f"  graph [rankdir=LR, labelloc=t, label={_quoted([title])}];"]
    lines += ['  node [fontname="sans-serif", fontsize=11];', '  edge [fontname="sans-serif", fontsize=10];']
    for name, node in _named(excerpt):
        looks = ["shape=box"] if isinstance(node, ClaimNode) else ["shape=box", "style=rounded"]
        if isinstance(node, ClaimNode) and not node.held:
            looks = ["shape=box", "peripheries=2"]
        if isinstance(node, QuantityNode) and _is_unfixed(node, excerpt):
            looks = ["shape=box", 'style="rounded,dotted"']
        if _clashes(node, excerpt):
            looks.append("penwidth=2.5")
        lines.append(f"  {name} [label={_quoted(_label(node, excerpt, marks))}, {', '.join(looks)}];")
    for start, end, link, side in _arrows(excerpt):
        style = _DOT_LINES.get(side if link.role != "ties" else "", "style=solid")
        if link.role in ("checks", "ties"):
            style = f"style=dotted, dir={'forward' if link.role == 'checks' else 'none'}"
        lines.append(f"  {start} -> {end} [label={_quoted([_said(link, side)])}, {style}];")
    if excerpt.left_out:
        lines.append(f"  more [label={_quoted([_more(excerpt)])}, shape=plaintext];")
    return "\n".join([*lines, "}\n"])


_DOT_LINES = {"A": "style=bold", "B": "style=dashed, arrowhead=empty", "A, B": "style=bold, arrowhead=dot"}


def to_mermaid(picture: Excerpt | Network) -> str:
    """A flowchart for Mermaid, as GitHub draws it in Markdown within ```mermaid."""
    excerpt = _excerpt(picture)
    lines, marks = ["flowchart LR"], signs(excerpt)
    for name, node in _named(excerpt):
        opened, closed = ("[", "]") if isinstance(node, ClaimNode) else ("([", "])")
        text = "<br/>".join(_entities(one) for one in _label(node, excerpt, marks))
        lines.append(f'  {name}{opened}"{text}"{closed}')
    groups: dict[str, list[str]] = {}
    for name, node in _named(excerpt):
        if isinstance(node, QuantityNode) and _is_unfixed(node, excerpt):
            groups.setdefault("unfixed", []).append(name)
        if isinstance(node, ClaimNode) and not node.held:
            groups.setdefault("trial", []).append(name)
        if _clashes(node, excerpt):
            groups.setdefault("clash", []).append(name)
    for start, end, link, side in _arrows(excerpt):
        arrow = "-.-" if link.role == "ties" else _MERMAID_ARROWS.get(side, "-->")
        arrow = "--o" if link.role == "checks" and not side else arrow
        said = _said(link, side)
        lines.append(f"  {start} {arrow}{f'|{_entities(said)}|' if said else ''} {end}")
    for group, names in groups.items():
        lines.append(f"  classDef {group} {_MERMAID_LOOKS[group]}")
        lines.append(f"  class {','.join(names)} {group}")
    if excerpt.left_out:
        lines.append(f'  more["{_entities(_more(excerpt))}"]')
    return "\n".join([*lines, ""])


_MERMAID_ARROWS = {"A": "-->", "B": "-.->", "A, B": "==>"}
_MERMAID_LOOKS = {
    "unfixed": "stroke-dasharray:2 3",
    "trial": "stroke-width:2px",
    "clash": "stroke:#b3202a,stroke-width:4px",
}


def _excerpt(picture: Excerpt | Network) -> Excerpt:
    return clean(picture if isinstance(picture, Excerpt) else Excerpt(picture))


def _named(excerpt: Excerpt) -> Iterator[tuple[str, QuantityNode | ClaimNode]]:
    yield from ((f"q{i}", node) for i, node in enumerate(excerpt.network.quantities))
    yield from ((f"c{i}", node) for i, node in enumerate(excerpt.network.claims))


def _arrows(excerpt: Excerpt) -> Iterator[tuple[str, str, Link, str]]:
    """Start, end, link and the sides that it is part of, in letters."""
    names = {_id(node): name for name, node in _named(excerpt)}
    for link, (start, end) in zip(excerpt.network.links, arrows(excerpt.network), strict=True):
        on = excerpt.on.get(link, ()) if len(excerpt.sides) > 1 else ()
        yield names[start], names[end], link, ", ".join(_letter(side) for side in on)


def _said(link: Link, side: str) -> str:
    if link.role == "ties":
        return "together"
    return side or ("checks" if link.role == "checks" else "")


def _letter(side: int) -> str:
    return SIDES[side] if side < len(SIDES) else str(side + 1)


def _label(node: QuantityNode | ClaimNode, excerpt: Excerpt, marks: Mapping[str, str]) -> list[str]:
    """What a node says, line by line."""
    if isinstance(node, ClaimNode):
        lines = [node.premise, f"@ {node.entity} · {node.status}", typeset(node.text)]
    else:
        told = equals(node.shown or "", node.exact) if node.shown else ""
        symbol = typeset(node.symbol) if node.symbol else ""
        lines = [node.path, " = ".join(one for one in (symbol, told) if one)]
    if _id(node) == excerpt.center and excerpt.sides:
        sides = [f"{_letter(i)}: {typeset(side)}" for i, side in enumerate(excerpt.sides)]
        lines = [lines[0], *sides] if isinstance(node, QuantityNode) else lines
    if sign := marks.get(_id(node)):
        lines[0] = f"{SIGNS[sign]} {lines[0]}"
    return [one if len(one) <= LONGEST else f"{one[: LONGEST - 1]}…" for one in lines if one]


def _id(node: QuantityNode | ClaimNode) -> str:
    return node.id if isinstance(node, ClaimNode) else node.path


def _is_unfixed(node: QuantityNode, excerpt: Excerpt) -> bool:
    return not (node.shown or node.path == excerpt.center or _clashes(node, excerpt))


def _clashes(node: QuantityNode | ClaimNode, excerpt: Excerpt) -> bool:
    return bool(node.contradictions) if not excerpt.sides else _id(node) == excerpt.center


def _more(excerpt: Excerpt) -> str:
    return f"{excerpt.left_out:,} more that belong to it are not drawn"


def _quoted(lines: Sequence[str]) -> str:
    escaped = (one.replace("\\", "\\\\").replace('"', '\\"') for one in lines)
    return '"' + "\\n".join(escaped) + '"'


def _entities(text: str) -> str:
    """Every sign that could be markup as its number."""
    return "".join(
        one if one > "~" or one.isalnum() or one in " .,:=/()+-@_" else f"#{ord(one)};" for one in text
    )
