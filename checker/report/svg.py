"""A dependency graph, or a part of it → a picture: SVG that stands alone or in a page, on light and on dark.

Quantities are rounded, claims are rectangles, arrows follow the derivation. What colour says is said by
shape, dashes or a sign as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape

from checker.excerpt import arrows, signs, unfixed
from checker.model import ClaimNode, Excerpt, Link, Network, QuantityNode
from checker.report.layers import Point, layered
from checker.report.wording import SIGNS, clean, count, cut, typeset

LONGEST_NAME, LONGEST_TEXT, MOST_LINES = 38, 40, 3
"""Characters of a name and of a line of a formula, and how many such lines; the whole stands in the title."""

_MARGIN, _HEAD = 22.0, 9.0
_ASPECT = 1.6
"""Drawn from left to right or downwards, whichever is nearer to such a picture."""
_SIDES = "AB"


def to_svg(picture: Excerpt | Network, title: str = "", prefix: str = "graph") -> str:
    """The picture as an SVG element. All its ids and classes begin with `prefix`, which has to be another one
    for each picture of a page."""
    excerpt = clean(picture if isinstance(picture, Excerpt) else Excerpt(picture))
    return _Drawing(excerpt, clean(title), re.sub(r"[^A-Za-z0-9_-]", "-", f"g{prefix}")).svg()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text in a node: in the style of a CSS class, `size` pixels high."""

    text: str
    style: str
    size: float


@dataclass(frozen=True, slots=True)
class _Box:
    """A node as it is drawn: its lines, and what its tooltip says."""

    lines: tuple[_Line, ...]
    width: float
    height: float
    tooltip: str


class _Drawing:
    def __init__(self, excerpt: Excerpt, title: str, prefix: str) -> None:
        self.excerpt, self.title, self.prefix = excerpt, title, prefix
        self.network = excerpt.network
        self.occurring: dict[str, None] = {}
        self.sided = len(excerpt.sides) > 1
        self.signs = signs(excerpt)

    def svg(self) -> str:
        network, prefix = self.network, self.prefix
        boxes = [self._quantity(one) for one in network.quantities]
        boxes += [self._claim(one) for one in network.claims]
        number = {one.path: i for i, one in enumerate(network.quantities)}
        number |= {one.id: i for i, one in enumerate(network.claims, start=len(network.quantities))}
        lines = [(number[start], number[end]) for start, end in arrows(network)]
        sizes = [(one.width, one.height) for one in boxes]
        across, down = (layered(one, lines) for one in (sizes, [size[::-1] for size in sizes]))
        self.down = max(across.width / _ASPECT, across.height) > max(down.height / _ASPECT, down.width)
        layout = down if self.down else across
        room = layout.height, layout.width
        width, height = room if self.down else room[::-1]
        body: list[str] = []
        for link, route in zip(network.links, layout.routes, strict=True):
            body += self._arrow(link, route)
        nodes: list[QuantityNode | ClaimNode] = [*network.quantities, *network.claims]
        for node, box, center in zip(nodes, boxes, layout.centers, strict=True):
            body += self._node(node, box, center[::-1] if self.down else center)
        indent, width = max(0.0, 480.0 - width) / 2, max(width, 480.0)
        legend, below = self._legend(width)
        heading = _wrapped(self.title, int(width / 10.5)) if self.title else []
        above = 24.0 * len(heading) + (12 if heading else 0)
        total = width + 2 * _MARGIN, above + height + below + 2 * _MARGIN
        texts = [
            f'<text class="{prefix}-head" x="{_MARGIN}" y="{_MARGIN + 14 + 22 * i:g}">{escape(line)}</text>'
            for i, line in enumerate(heading)
        ]
        size = f'width="{total[0]:.0f}" height="{total[1]:.0f}" viewBox="0 0 {total[0]:.0f} {total[1]:.0f}"'
        name = self.title or "Dependency graph of claims and quantities"
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" class="{prefix}" role="img" {size} '
                f'aria-labelledby="{prefix}-title {prefix}-desc">',
                f'<title id="{prefix}-title">{escape(name)}</title>',
                f'<desc id="{prefix}-desc">{escape(self._description())}</desc>',
                f"<style>{_style(prefix)}</style>",
                f'<rect class="{prefix}-back" width="100%" height="100%" rx="8"/>',
                *texts,
                f'<g transform="translate({_MARGIN + indent:.1f} {_MARGIN + above:.1f})">',
                *body,
                "</g>",
                f'<g transform="translate({_MARGIN:.1f} {_MARGIN + above + height + 26:.1f})">',
                *legend,
                "</g>",
                "</svg>\n",
            ]
        )

    # -------------------------------------------------------- nodes

    def _quantity(self, node: QuantityNode) -> _Box:
        at_center = node.path == self.excerpt.center and self.sided
        symbol = typeset(node.symbol) if node.symbol else node.path.rpartition(".")[2]
        value = _value(node)
        if at_center:
            lines = [_Line(cut(symbol, LONGEST_NAME), "sym", 19.0)]
            lines.append(_Line(cut(node.path, LONGEST_NAME), "small", 11.5))
            lines += self._side_lines()
        else:
            told = f"{symbol} = {value}" if value and node.symbol else value or symbol
            lines = [_Line(cut(told, LONGEST_TEXT), "value" if value else "sym", 15.5)]
            lines.append(_Line(cut(node.path, LONGEST_NAME), "small", 11.0))
        tooltip = f"{node.path}{f' ({node.symbol})' if node.symbol else ''}"
        if at_center:
            said = (f"{_mark(i)} {typeset(one)}" for i, one in enumerate(self.excerpt.sides))
            tooltip += f": {'; '.join(said)}"
        else:
            tooltip += f" = {value}" if value else f": {unfixed(self.excerpt)}"
        return _box(lines, tooltip, 34.0)

    def _side_lines(self) -> list[_Line]:
        """What each side comes out as."""
        return [
            _Line(f"{_mark(i)} {cut(typeset(side), LONGEST_TEXT)}", f"side{_side_class(i)}", 15.0)
            for i, side in enumerate(self.excerpt.sides)
        ]

    def _claim(self, node: ClaimNode) -> _Box:
        own = node.premise.partition("@")[0].rpartition(".")[0] == node.entity  # a given value tells where
        where = node.status if own else f"@ {cut(node.entity, LONGEST_NAME)}"
        lines = [_Line(cut(node.premise, LONGEST_NAME), "name", 12.5), _Line(where, "small", 11.0)]
        if not own:
            lines[1] = _Line(f"{where} · {node.status}", "small", 11.0)
        told = _wrapped(_formula(node.text), LONGEST_TEXT)
        shown = [*told[: MOST_LINES - 1], "…"] if len(told) > MOST_LINES else told
        lines += [_Line(cut(one, LONGEST_TEXT), "math", 14.0) for one in shown]
        if node.id == self.excerpt.center and self.sided:
            lines += self._side_lines()
        held = "held" if node.held else "on trial"
        tooltip = (
            f"{node.id}: {_formula(node.text)} ({node.status}, {held}; {node.standing.replace('_', ' ')})"
        )
        return _box(lines, tooltip, 30.0)

    def _node(self, node: QuantityNode | ClaimNode, box: _Box, center: Point) -> Iterator[str]:
        prefix, (x, y) = self.prefix, center
        left, top = x - box.width / 2, y - box.height / 2
        id_ = node.id if isinstance(node, ClaimNode) else node.path
        place = f'x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'
        yield f"<g><title>{escape(box.tooltip)}</title>"
        if isinstance(node, QuantityNode):
            shape = self._quantity_shape(node)
            self._note(f"quantity-{shape}")
            yield f'<rect class="{prefix}-q {prefix}-{shape}" {place} rx="{min(box.height / 2, 24):.1f}"/>'
        else:
            shape = self._claim_shape(node)
            self._note("claim")
            if shape != "plain":
                self._note(f"claim-{shape}")
            yield f'<rect class="{prefix}-c {prefix}-{shape}" {place} rx="2"/>'
            if not node.held:
                self._note("on-trial")
                bar = f'x="{left:.1f}" y="{top:.1f}" width="6" height="{box.height:.1f}"'
                yield f'<rect class="{prefix}-bar" {bar}/>'
        baseline = top + 8.0
        for line in box.lines:
            baseline += line.size * 1.28
            yield (
                f'<text class="{prefix}-{line.style}" x="{x:.1f}" y="{baseline - line.size * 0.2:.1f}" '
                f'font-size="{line.size:g}">{escape(line.text)}</text>'
            )
        on = self.excerpt.on.get(id_, ()) if self.sided else ()
        if isinstance(node, ClaimNode):
            for place_, side in enumerate(reversed(on)):
                yield from self._badge(left + box.width - 4 - 19 * place_, top, side)
        if sign := self.signs.get(id_):
            self._note(sign)
            yield from self._round(left + 5, top + 2, sign)
        yield "</g>"

    def _quantity_shape(self, node: QuantityNode) -> str:
        if node.path == self.excerpt.center:
            return "center"
        if node.contradictions and not self.sided:
            return "clash"
        return "known" if node.shown else "open"

    def _claim_shape(self, node: ClaimNode) -> str:
        if node.id == self.excerpt.center:
            return "center"
        if self.sided:
            return "plain"
        if node.contradictions or node.standing == "conflict":
            return "clash"
        return "idle" if node.standing in ("unchecked", "undetermined") else "plain"

    def _badge(self, x: float, y: float, side: int) -> Iterator[str]:
        """The letter of a side: in a filled disc for the first, in an open square for the second."""
        prefix, kind = self.prefix, _side_class(side)
        if kind == "a":
            yield f'<circle class="{prefix}-disc{kind}" cx="{x:.1f}" cy="{y:.1f}" r="8.5"/>'
        else:
            place = f'x="{x - 8:.1f}" y="{y - 8:.1f}" width="16" height="16"'
            yield f'<rect class="{prefix}-disc{kind}" {place}/>'
        letter = _SIDES[side] if side < len(_SIDES) else str(side + 1)
        yield f'<text class="{prefix}-letter{kind}" x="{x:.1f}" y="{y + 4:.1f}">{letter}</text>'

    def _round(self, x: float, y: float, sign: str) -> Iterator[str]:
        yield f'<circle class="{self.prefix}-{sign}" cx="{x:.1f}" cy="{y:.1f}" r="10.5"/>'
        yield f'<text class="{self.prefix}-sign" x="{x:.1f}" y="{y + 5.5:.1f}">{SIGNS[sign]}</text>'

    # -------------------------------------------------------- arrows

    def _arrow(self, link: Link, route: Sequence[Point]) -> Iterator[str]:
        style = self._line(link)
        self._note(f"line-{style}")
        yield from self._curve(style, route, link.role != "ties", self.down)

    def _line(self, link: Link) -> str:
        if link.role == "ties":
            return "ties"
        on = self.excerpt.on.get(link, ()) if self.sided else ()
        if len(on) > 1:
            return "both"
        if on:
            return _side_class(on[0])
        return "checks" if link.role == "checks" else "plain"

    def _curve(self, style: str, route: Sequence[Point], head: bool, down: bool = False) -> Iterator[str]:
        """A smooth line through some points that leaves and arrives straight; turned by 90° if `down`."""

        def at(x: float, y: float) -> str:
            return f"{y:.1f} {x:.1f}" if down else f"{x:.1f} {y:.1f}"

        points = list(route)
        (x, y), before = points[-1], points[-2]
        way = 1 if x >= before[0] else -1
        if head:
            points[-1] = (x - way * (_HEAD - 1), y)
        path = f"M{at(*points[0])}"
        for (x0, y0), (x1, y1) in pairwise(points):
            bend = (x1 - x0) / 2
            path += f"C{at(x0 + bend, y0)} {at(x1 - bend, y1)} {at(x1, y1)}"
        yield f'<path class="{self.prefix}-l {self.prefix}-line-{style}" d="{path}"/>'
        if head:
            back = x - way * _HEAD
            tip = f"M{at(back, y - 4.5)}L{at(x, y)}L{at(back, y + 4.5)}Z"
            yield f'<path class="{self.prefix}-h {self.prefix}-head-{style}" d="{tip}"/>'

    # -------------------------------------------------------- words

    def _note(self, what: str) -> None:
        self.occurring[what] = None

    def _legend(self, width: float) -> tuple[list[str], float]:
        """What occurs in the picture, in rows, and their height."""
        prefix, found = self.prefix, []
        x, y = 0.0, 12.0
        for key, text, draw in self._entries():
            if key not in self.occurring:
                continue
            wide = 46 + _measured(text, 12.0) + 24
            if x and x + wide > width:
                x, y = 0.0, y + 24
            found.append(f'<g transform="translate({x:.1f} {y:.1f})">')
            found += draw()
            found.append(f'<text class="{prefix}-legend" x="44" y="4">{escape(text)}</text></g>')
            x += wide
        for remark in self._remarks():
            y += 26
            found.append(f'<text class="{prefix}-legend" x="0" y="{y + 4:.1f}">{remark}</text>')
        return found, y + 34

    def _remarks(self) -> Iterator[str]:
        """What the picture does not show."""
        center = self.excerpt.center
        two_ways = {one.path for one in self.network.quantities if one.contradictions}
        if center in two_ways and not self.sided:
            yield "It comes out otherwise, too; one way is drawn, and check why tells every one."
        if self.excerpt.left_out:
            yield f"{self.excerpt.left_out:,} more that belong to it are not drawn."

    def _entries(self) -> Iterator[tuple[str, str, Callable[[], list[str]]]]:
        prefix = self.prefix

        def line(style: str, head: bool = True) -> Callable[[], list[str]]:
            return lambda: list(self._curve(style, ((2.0, 0.0), (36.0, 0.0)), head))

        def side(number: int) -> Callable[[], list[str]]:
            return lambda: [*line(_side_class(number))(), *self._badge(16, 0, number)]

        def shape(kind: str, round_: float) -> Callable[[], list[str]]:
            box = f'x="4" y="-8" width="30" height="16" rx="{round_:g}"'
            return lambda: [f'<rect class="{prefix}-{"q" if round_ > 3 else "c"} {prefix}-{kind}" {box}/>']

        def sign(name: str) -> Callable[[], list[str]]:
            return lambda: list(self._round(20, 0, name))

        words = [typeset(one) for one in self.excerpt.sides]
        meets = _MEETS[self.excerpt.kind] if self.sided else "a contradiction shows here"
        yield "contradiction", meets, sign("contradiction")
        yield "tension", "in tension: further apart than their uncertainties say", sign("tension")
        yield "agreement", "checked: follows in another way too, and agrees", sign("agreement")
        for number, said in enumerate(words):
            key = f"line-{_side_class(number)}"
            if number < 2:
                how = said if said == "no solution" else f"how {cut(said, LONGEST_TEXT)} follows"
                yield key, f"{_SIDES[number]}: {how}", side(number)
        yield "line-both", "part of both derivations", line("both")
        yield "line-plain", "from what a claim needs to what it gives", line("plain")
        yield "line-checks", "a claim checks what is known without it", line("checks")
        yield "line-ties", self._together(), line("ties", False)
        yield "quantity-known", "quantity", shape("known", 8)
        yield "quantity-open", f"quantity without a value: {unfixed(self.excerpt)}", shape("open", 8)
        yield "claim", "claim", shape("plain", 2)
        yield "claim-clash", "claim in conflict", shape("clash", 2)
        yield "claim-idle", "claim that nothing checks", shape("idle", 2)
        yield (
            "on-trial",
            "claim on trial; the others are held",
            lambda: [
                *shape("plain", 2)(),
                f'<rect class="{prefix}-bar" x="4" y="-8" width="6" height="16"/>',
            ],
        )

    def _together(self) -> str:
        if self.excerpt.kind == "dimension":
            return "a quantity in the equation"
        return "found together, by simultaneous claims" if self.sided else "found or left open together"

    def _description(self) -> str:
        """The picture in words."""
        network = self.network
        nodes = f"{count(len(network.claims), 'claim')} and {count(len(network.quantities), 'quantity')}"
        said = f"{nodes}: what follows from what."
        center = self.excerpt.center
        for number, side in enumerate(self.excerpt.sides if self.sided else ()):
            on = [one.id for one in network.claims if number in self.excerpt.on.get(one.id, ())]
            named = ", ".join(on[:12]) + (f" and {len(on) - 12} more" if len(on) > 12 else "")
            said += f" {_mark(number)} {typeset(side)} for {center}, by {named}."
        if not self.sided:
            clashes = [one.path for one in network.quantities if one.contradictions]
            if clashes:
                said += f" In contradiction or tension: {', '.join(clashes[:12])}."
        return " ".join((said, *self._remarks()))


_MEETS = {
    "value": "comes out two ways: contradiction",
    "quantum": "fits no allowed number of quanta",
    "bound": "comes out beyond its bound",
    "attribute": "is said to be two things",
    "dimension": "has two dimensions",
}


def _value(node: QuantityNode) -> str:
    exact, shown = (typeset(one or "") for one in (node.exact, node.shown))
    exact = exact if len(exact) <= LONGEST_TEXT // 2 else ""
    return " = ".join(one for one in dict.fromkeys((exact, shown)) if one)


def _formula(text: str) -> str:
    return typeset(text).replace("<=", "≤").replace(">=", "≥")


def _mark(side: int) -> str:
    return f"{_SIDES[side] if side < len(_SIDES) else side + 1}:"


def _side_class(side: int) -> str:
    return "a" if side == 0 else "b"


def _box(lines: Sequence[_Line], tooltip: str, around: float) -> _Box:
    width = max(_measured(one.text, one.size) for one in lines) + around
    return _Box(tuple(lines), max(width, 64.0), sum(one.size * 1.28 for one in lines) + 17.0, tooltip)


def _measured(text: str, size: float) -> float:
    """About how wide a text is, in pixels: no font is at hand to ask."""
    return size * sum(map(_advance, text))


def _advance(letter: str) -> float:
    if letter in _NARROW:
        return 0.4
    if letter in "mwMW@—%":
        return 0.95
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    return 0.7 if letter.isupper() else 0.61


_NARROW = "iljtfI.,:;'|()[]/ ·-⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺₀₁₂₃₄₅₆₇₈₉"


def _wrapped(text: str, room: int) -> list[str]:
    """Lines that break at spaces, else after signs of operation, and inside a word only where one must."""
    lines: list[str] = []
    rest = text.strip()
    while len(rest) > room:
        space = rest.rfind(" ", room // 4, room + 1)
        end = space if space > 0 else max(rest.rfind(sign, 1, room) + 1 for sign in "·/(,") or room
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*lines, rest]


def _style(prefix: str) -> str:
    """Colours as properties, light and dark, and the looks of everything, for this picture alone."""
    rules: Mapping[str, str] = {
        "": "color-scheme:light dark;max-width:100%;height:auto;"
        "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Liberation Sans',sans-serif",
        "-back": "fill:var(--back)",
        " text": "fill:var(--ink);text-anchor:middle;unicode-bidi:isolate",
        " text.@-head": "text-anchor:start;font-size:17px;font-weight:600",
        " text.@-legend": "text-anchor:start;font-size:12px;fill:var(--soft)",
        " text.@-small": "fill:var(--soft)",
        " text.@-name": "font-weight:600",
        " .@-math, .@-sym, .@-value, .@-sidea, .@-sideb": "font-family:'STIX Two Text','STIX Two Math',"
        "'Cambria Math',Cambria,'Libertinus Serif','DejaVu Serif',Georgia,serif",
        " .@-sym": "font-style:italic;font-weight:600",
        " text.@-sidea": "fill:var(--a);font-weight:600",
        " text.@-sideb": "fill:var(--b);font-weight:600",
        " .@-q": "fill:var(--round);stroke:var(--line);stroke-width:1.3",
        " .@-c": "fill:var(--box);stroke:var(--line);stroke-width:1.1",
        " .@-open": "fill:none;stroke-dasharray:2 3",
        " .@-idle": "stroke-dasharray:2 3",
        " .@-clash": "stroke:var(--bad);stroke-width:2.6",
        " .@-center": "stroke:var(--ink);stroke-width:2.6",
        " .@-bar": "fill:var(--soft)",
        " .@-l": "fill:none;stroke:var(--line);stroke-width:1.5",
        " .@-h": "fill:var(--line);stroke:var(--line);stroke-width:1.5;stroke-linejoin:round",
        " .@-line-a": "stroke:var(--a);stroke-width:2.2",
        " .@-line-b": "stroke:var(--b);stroke-width:2.2;stroke-dasharray:7 4",
        " .@-line-both": "stroke:var(--ink);stroke-width:3.4",
        " .@-line-checks": "stroke-dasharray:1 4;stroke-width:2.2;stroke-linecap:round",
        " .@-line-ties": "stroke-dasharray:2 5;stroke-width:1.4",
        " .@-head-a": "fill:var(--a);stroke:var(--a)",
        " .@-head-b": "fill:var(--back);stroke:var(--b)",
        " .@-head-both": "fill:var(--ink);stroke:var(--ink)",
        " .@-head-checks": "fill:var(--back)",
        " .@-disca": "fill:var(--a);stroke:var(--back);stroke-width:1.5",
        " .@-discb": "fill:var(--back);stroke:var(--b);stroke-width:1.8",
        " text.@-lettera": "fill:var(--back);font-size:11px;font-weight:700",
        " text.@-letterb": "fill:var(--b);font-size:11px;font-weight:700",
        " .@-contradiction": "fill:var(--bad);stroke:var(--back);stroke-width:1.5",
        " .@-tension": "fill:var(--b);stroke:var(--back);stroke-width:1.5",
        " .@-agreement": "fill:var(--good);stroke:var(--back);stroke-width:1.5",
        " text.@-sign": "fill:var(--back);font-size:16px;font-weight:700",
    }
    light = (
        "--back:#ffffff;--ink:#17181c;--soft:#5b5f69;--line:#70757f;--round:#eef3fb;--box:#faf7f0;"
        "--a:#1d5ea8;--b:#a84f06;--bad:#b3202a;--good:#22733a"
    )
    dark = (
        "--back:#16181d;--ink:#eceef2;--soft:#a7adb8;--line:#8b919c;--round:#1f2a3b;--box:#2a2720;"
        "--a:#82b6f5;--b:#f2a65a;--bad:#ff8a8a;--good:#7fd495"
    )
    looks = "\n".join(
        ",".join(f".{prefix}{one.replace('@', prefix)}" for one in selectors.split(",")) + f"{{{look}}}"
        for selectors, look in rules.items()
    )
    return f"\n.{prefix}{{{light}}}\n@media (prefers-color-scheme:dark){{.{prefix}{{{dark}}}}}\n{looks}\n"
