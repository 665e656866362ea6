"""What the parts of an HTML report share: ids and numbers of claims and quantities, headings, links to
sources, texts too long for their place, boxes that scroll."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count as counting
from urllib.parse import quote, urlsplit

from checker.report.elements import Child, Element, element, extend, to_html
from checker.report.mathml import amount, formula, statement

ROOM = 120
"""Characters of a text from a file where it stands; the whole of a longer one is given at the end."""
SOURCE = 300
"""Characters of a source that stands in full."""
LONG_TEXTS = 100_000
"""Characters of all long texts together that are given in full."""
FULL = 1_300_000
"""Characters of all contradictions together that are told in full."""
WIDE = 36
"""Characters to be seen from which on a formula may be wider than a phone."""
WIDEST = 90
"""Characters to be seen from which on a formula may be wider than a sheet of paper."""


class Page:
    """What a page has once for all its scenarios: the texts too long for their places, to be given in full
    at the end, the style of its pictures, and the room that is left for what is told in full."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}
        self.left_out = 0
        self.style = ""
        self.room = FULL
        self._room = LONG_TEXTS

    def has_room(self, part: Element) -> bool:
        """Whether this fits on the page in full; if so, it has taken its room."""
        size = len(to_html(part))
        if size > self.room:
            return False
        self.room -= size
        return True

    def short(self, text: str, room: int = ROOM) -> Child:
        """The text, or its beginning with a link to the whole."""
        if len(text) <= room:
            return text
        if text not in self.ids:
            if len(text) > self._room:
                self.left_out += 1
                return f"{text[:room]}…"
            self._room -= len(text)
            self.ids[text] = f"text-{len(self.ids) + 1}"
        return element(
            "a", f"{text[:room]}…", href=f"#{self.ids[text]}", class_="clipped", title="the whole text"
        )


class Sheet:
    """One scenario's part of a page. `level` is that of its own heading; ids begin with `prefix`."""

    def __init__(self, prefix: str, level: int, symbols: Mapping[str, str], page: Page) -> None:
        self.prefix = prefix
        self.level = level
        self.symbols = symbols
        self.page = page
        self._claims: dict[str, int] = {}
        self._quantities: dict[str, int] = {}
        self._ids = counting(1)

    @property
    def alone(self) -> bool:
        """Whether the page is of this scenario only."""
        return self.level == 1

    def id(self, name: str) -> str:
        return f"{self.prefix}-{name}"

    def fresh(self) -> str:
        """An id that nothing else has."""
        return self.id(f"x{next(self._ids)}")

    def claim(self, premise: str) -> int:
        """The number by which a choice finds a premise wherever it stands."""
        return self._claims.setdefault(premise, len(self._claims) + 1)

    def claims(self, premises: Iterable[str]) -> str:
        return " ".join(str(self.claim(one)) for one in premises)

    def quantity(self, path: str) -> int:
        return self._quantities.setdefault(path, len(self._quantities) + 1)

    def heading(self, depth: int, *children: Child, id_: str | None = None) -> Element:
        """A heading so many levels beneath that of the scenario."""
        return element(f"h{self.level + depth}", children, id=id_)

    def short(self, text: str, room: int = ROOM) -> Child:
        return self.page.short(text, room)

    def source(self, text: str) -> Child:
        """A source, with links where it is short enough to stand in full."""
        return linked(text) if len(text) <= SOURCE else self.short(text)

    # -------------------------------------------------------- formulas

    def formula(self, text: str) -> Element:
        return self._boxed(text, lambda: formula(text, self.symbols))

    def statement(self, text: str) -> Element:
        return self._boxed(text, lambda: statement(text, self.symbols))

    def amount(self, text: str) -> Element:
        return self._boxed(text, lambda: amount(text, self.symbols))

    def _boxed(self, text: str, build: Callable[[], Element]) -> Element:
        """A formula that scrolls by itself where it is wider than its place."""
        if len(text) > 4 * ROOM:
            return element("span", self.short(text), class_="formula")
        inner = build()
        seen = len("".join(inner.itertext()))
        if seen <= WIDE or inner.find(".//mo") is None:  # no formula, or a short one
            return element("span", inner, class_="formula")
        width = "wide" if seen <= WIDEST else "wide widest"
        return element(
            "span", inner, class_=f"formula {width}", tabindex=0, role="group", aria_label="formula"
        )


def together(words: str, formula_: Element) -> Element:
    """Words and the formula behind them, on one line."""
    return element("span", element("span", words), formula_, class_="together")


def scrolling(label: str, *children: Child, class_: str = "") -> Element:
    """A box of its own for what may be wider than the page."""
    return element(
        "div", children, class_=f"scroll {class_}".rstrip(), tabindex=0, role="group", aria_label=label
    )


def table(
    label: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Child]],
    attributes: Iterable[Mapping[str, str | int]] = (),
) -> Element:
    """A table with a heading for each column; the first cell of a row is that row's."""
    body = element("tbody")
    given = iter(attributes)
    for first, *others in rows:
        cells = [element("td", _seamed(one)) for one in others]
        row = element("tr", element("th", _seamed(first), scope="row"), cells)
        for name, value in next(given, {}).items():
            row.set(name, str(value))
        body.append(row)
    head = element("thead", element("tr", [element("th", one, scope="col") for one in headings]))
    return scrolling(
        label,
        element("table", element("caption", label, class_="hidden"), head, body),
        class_=f"columns-{min(len(headings), 5)}",
    )


_SEAM = re.compile(r"(?<=[/_@])(?=\w)|(?<=\.)(?=[^\W\d_])(?!ya?ml\b)")
_TOO_LONG = re.compile(r"[^\s\0]{30}(?=[^\s\0])")


def _seamed(child: Child) -> Child:
    """The same with places where a narrow column may break: in paths, in names, in what is too long for a
    word; formulas are left alone."""
    if child is None:
        return None
    if isinstance(child, str):
        first, *others = _TOO_LONG.sub(r"\g<0>\0", _SEAM.sub("\0", child)).split("\0")
        return [first, [(element("wbr"), one) for one in others]]
    if not isinstance(child, Element):
        return [_seamed(one) for one in child]
    if child.tag in ("math", "svg"):
        return child
    copy = extend(Element(child.tag, child.attrib), [_seamed(child.text)])
    for one in child:
        tail, one.tail = one.tail, None
        extend(copy, (_seamed(one), _seamed(tail)))
    return copy


def listing(items: Iterable[Child], most: int, class_: str | None = None) -> Element:
    """At most so many items, and how many more there are."""
    every = list(items)
    rest = len(every) - most
    more = element("li", more_text(rest), class_="more") if rest > 0 else None
    return element("ul", [element("li", one) for one in every[:most]], more, class_=class_)


def more_text(number: int) -> str:
    return f"… and {number:,} more"


# ---------------------------------------------------------------- sources

_REFERENCE = re.compile(
    r"https?://[^\s<>\"'|\\^`{}]+|\b(?:doi:\s*)?10\.\d{4,9}/[^\s<>\"',;|\\^`{}]+", re.IGNORECASE
)


def linked(text: str) -> Iterator[Child]:
    """A source with its web addresses and DOIs as links: http, https and doi.org, nothing else."""
    position = 0
    for found in _REFERENCE.finditer(text):
        reference = found.group().rstrip(".,;:)]")
        address = _address(reference)
        if address is None:
            continue
        yield text[position : found.start()]
        yield element("a", reference, href=address, rel="noopener noreferrer")
        position = found.start() + len(reference)
    yield text[position:]


def _address(reference: str) -> str | None:
    doi = re.fullmatch(r"(?:doi:\s*)?(10\.\d{4,9}/.+)", reference, re.IGNORECASE)
    if doi:
        return "https://doi.org/" + quote(doi[1], safe="/:().;_-")
    try:
        parts = urlsplit(reference)
        host = parts.hostname if parts.username is None else None
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    return quote(reference, safe="/:?#[]@!$&'()*+,;=%-._~")
