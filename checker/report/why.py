"""Every way in which a quantity follows → text for a terminal."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import combinations, product

from checker.model import Side, WaysApart, Why
from checker.report.text import LISTED, NARROWEST, Page, derivation
from checker.report.wording import amount, apart_by, case_text, clean, origin, runs, some, typeset


def why_text(found: Why, width: int, colour: bool) -> str:
    """Each way with its derivation, where they agree and where not, and who else speaks about it."""
    found = clean(found)
    page = Page(max(width, NARROWEST), colour)
    name = f"{found.quantity} ({typeset(found.symbol)})" if found.symbol else found.quantity
    page.write(f"{name} {_headline(found)}", style="bold")
    case = f", for {case_text(found.case)}" if found.case else ""
    page.write(f"{found.path}: {found.title}{case}", style="dim")
    letters = [_letter(i) for i in range(len(found.ways))] if len(found.ways) > 1 else [""]
    page.gap()
    rows = []
    for letter, way in zip(letters, found.ways, strict=False):
        value = f"{letter}  {amount(way)}" if letter else amount(way)
        rows.append(((value, "bold"), (_origin(found, way), "")))
    page.table(rows, indent=2)
    for line in _comparisons(found.apart):
        page.gap()
        page.write(line, indent=2)
    if found.ways and not found.complete:
        page.gap()
        page.write("The search met its limit: more ways may exist.", indent=2)
    for letter, way in zip(letters, found.ways, strict=False):
        if len(way.steps) > 1:
            derivation(page, f"{letter}  {amount(way)}" if letter else amount(way), way, 2)
    _speaking(page, found)
    return page.text()


def _headline(found: Why) -> str:
    if not found.ways:
        return "gets no value from any claim"
    if found.by_kind is not None:
        return "has the value that its kind supplies"
    if len(found.ways) == 1:
        return "follows in one way"
    hows = {one.how for one in found.apart}
    told = (
        "which agree"
        if hows == {"agree"}
        else "which do not all agree"
        if "agree" in hows
        else "which do not agree"
    )
    return f"follows in {len(found.ways)} ways{'' if found.complete else ' at least'}, {told}"


def _origin(found: Why, way: Side) -> str:
    return "by its kind" if found.by_kind is not None else origin(way, found.quantity, found.sources)


def _letter(number: int) -> str:
    return chr(ord("A") + number)


def _comparisons(apart: tuple[WaysApart, ...]) -> Iterator[str]:
    """The ways in groups that agree, then who does not agree with whom, the farthest apart first."""
    how = {(one.one, one.other): one for one in apart}
    groups: list[list[int]] = []
    for way in sorted({i for pair in how for i in pair}):
        fitting = (g for g in groups if all(how[other, way].how == "agree" for other in g))
        if (group := next(fitting, None)) is not None:
            group.append(way)
        else:
            groups.append([way])
    for group in groups:
        if len(group) > 1:
            farthest = max((how[i, j].sigma or 0.0 for i in group for j in group if i < j), default=0.0)
            within = f", {farthest:.1f} σ apart at most" if farthest else ""
            yield f"{_letters(group)} agree{within}."
    yield from _disagreements(apart)


_Pair = frozenset[int]


def _disagreements(apart: tuple[WaysApart, ...]) -> Iterator[str]:
    """Every two ways that do not agree, in few sentences: those farthest apart that are still to be told, and
    with them all that can be told in one sentence, where what it says is true of each two."""
    far = {frozenset((one.one, one.other)): _Apart(one) for one in apart if one.how != "agree"}
    untold = sorted(far, key=lambda pair: (*(-size for size in far[pair].size), sorted(pair)))
    while untold:
        worst = far[untold[0]]
        alike = {pair for pair, one in far.items() if one.kind == worst.kind}
        ways = sorted({way for pair in alike for way in pair})
        two = sorted(untold[0])
        each, sides = _all_apart(two, ways, alike), _two_sides(two, ways, alike, {*untold})
        among = {frozenset(pair) for pair in combinations(each, 2)}
        across = {frozenset(pair) for pair in product(*sides)}
        told = among if len(among & {*untold}) > len(across & {*untold}) else across
        at_most = " at most" if len({far[pair].text for pair in told}) > 1 else ""
        said = _all_said(each, worst.kind[0]) if told is among else _sides_said(*sides, worst.kind[0])
        yield f"{said}{f': {worst.text}' if worst.text else ''}{at_most}."
        untold = [pair for pair in untold if pair not in told]


class _Apart:
    """Two ways that do not agree: how far they are apart in words, `kind` as what and in which measure, and
    the `size` of it, to be compared with others."""

    def __init__(self, one: WaysApart) -> None:
        self.text = apart_by(one.sigma, one.ratio, one.ratio_exact)
        in_sigma = self.text.endswith("σ apart")
        self.kind = one.how, in_sigma, bool(self.text)
        size = one.sigma if in_sigma else one.ratio
        self.size = one.how == "contradict", not in_sigma, math.inf if size is None else size


def _all_apart(two: list[int], ways: list[int], alike: set[_Pair]) -> list[int]:
    """Ways of which each two are in `alike`, these two among them."""
    found = [*two]
    for way in ways:
        if way not in found and all(frozenset((way, other)) in alike for other in found):
            found.append(way)
    return sorted(found)


def _two_sides(
    two: list[int], ways: list[int], alike: set[_Pair], untold: set[_Pair]
) -> tuple[list[int], list[int]]:
    """Ways on two sides, such that each on one with each on the other is in `alike`; begun with one each."""
    sides = [two[0]], [two[1]]
    for way in ways:
        for side, opposite in (sides, sides[::-1]):
            pairs = {frozenset((way, other)) for other in opposite}
            if way not in (*side, *opposite) and pairs <= alike and pairs & untold:
                side.append(way)
    one, other = sorted(map(sorted, sides))
    return one, other


def _all_said(ways: list[int], how: str) -> str:
    said = "all contradict each other" if how == "contradict" else "are all in tension with each other"
    return f"{_letters(ways)} {said}"


def _sides_said(one: list[int], other: list[int], how: str) -> str:
    if len(one) == len(other) == 1:
        said = "contradict each other" if how == "contradict" else "are in tension"
        return f"{_letters(one + other)} {said}"
    if how == "contradict":
        verb = "contradict" if len(one) > 1 else "contradicts"
    else:
        verb = f"{'are' if len(one) > 1 else 'is'} in tension with"
    return f"{_letters(one)} {verb} {_letters(other)}"


def _letters(ways: list[int]) -> str:
    """The ways by their letters, three or more that follow each other as `A to C`."""
    return re.sub("[0-9]+", lambda one: _letter(int(one[0])), runs([str(way) for way in ways]))


def _speaking(page: Page, found: Why) -> None:
    if not found.speaking:
        return
    page.heading("Used by" if found.ways else "Claims that speak about it, and what they would need")
    for one in found.speaking[:LISTED]:
        page.item(f"{one.claim}: {typeset(one.equation)}")
        if one.needs:
            page.write(
                f"{'open' if found.ways else 'needs'}: {some(one.needs)}", indent=6, first=4, style="dim"
            )
        elif one.why and not found.ways:
            page.write(one.why, indent=6, first=4, style="dim")
    page.more(len(found.speaking) - LISTED)
