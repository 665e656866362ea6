"""Every way in which a quantity follows → text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import Side, WaysApart, Why
from checker.report.text import LISTED, NARROWEST, Page, derivation
from checker.report.wording import amount, and_, apart_by, case_text, clean, origin, some, typeset


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
    """The ways in groups that agree, then how far the first of each group is from those of the others."""
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
            yield f"{and_([_letter(i) for i in group])} agree{within}."
    for position, group in enumerate(groups):
        for other in groups[position + 1 :]:
            one = how[group[0], other[0]]
            far = apart_by(one.sigma, one.ratio, one.ratio_exact)
            said = "are in tension" if one.how == "tension" else "contradict each other"
            yield f"{_letter(one.one)} and {_letter(one.other)} {said}{f': {far}' if far else ''}."


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
