"""All that is said of one quantity → a forest plot. The only door to matplotlib."""

from __future__ import annotations

import io
import textwrap
import warnings
from typing import TYPE_CHECKING

from checker.model import Estimate, Forest
from checker.report.wording import agreement_text, case_text, clean, equals, typeset

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMATS = ("svg", "png")
LISTED = 60
"""So many estimates are drawn; of more, the first."""
LONGEST = 44
"""Characters of a label or a source; the rest is cut."""

TITLE = 90
"""Characters in a line of the title."""

_STATED, _DERIVED, _BAND, _FAINT = "#1b1b1b", "#0b62a4", "#f2b134", "#8a8a8a"
_WIDTH, _ROW, _MARGIN = 9.0, 0.36, 1.35  # inches
_ARROW = 0.06
"""How far beyond the outermost value an end that is open is drawn, as a share of what is shown."""


def plot(forest: Forest, form: str) -> bytes:
    """The plot as an "svg" or "png" file: a line for each estimate, with its standard uncertainty as a thick
    bar and its bounds as a thin one with caps, and the fitted value as a band. Names from files are drawn as
    they are written, never as formulas."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    forest = clean(forest)
    estimates = forest.estimates[:LISTED]
    rows = len(estimates) + bool(forest.adjusted)
    # a $ in a name begins no formula, and a letter that the font lacks is no reason to complain
    settings = rc_context({"text.parse_math": False, "svg.fonttype": "none", "svg.hashsalt": "checker"})
    with settings, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        figure = Figure(figsize=(_WIDTH, _MARGIN + _ROW * rows), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        _draw(axes, forest, estimates)
        figure.supxlabel(_caption(forest, estimates), fontsize=7, color=_FAINT, x=0.99, ha="right")
        target = io.BytesIO()
        metadata = {"Date": None, "Title": f"{forest.quantity}: {forest.title}"} if form == "svg" else None
        figure.savefig(target, format=form, dpi=160, metadata=metadata)
    return target.getvalue()


def _draw(axes: Axes, forest: Forest, estimates: tuple[Estimate, ...]) -> None:
    low, high = _extent(forest, estimates)
    margin = (high - low) * 0.06
    axes.set_xlim(low - margin, high + margin)
    labels, notes = [], []
    for place, one in enumerate(estimates):
        _estimate(axes, place, one, forest, low, high)
        labels.append(_cut(one.label))
        notes.append((equals(one.shown, one.exact), one.source))
    if forest.adjusted is not None:
        value, spread = _read(forest, forest.adjusted.value), forest.adjusted.uncertainty / forest.factor
        axes.axvspan(value - spread, value + spread, color=_BAND, alpha=0.45, linewidth=0, zorder=0)
        axes.errorbar(
            value, len(estimates), xerr=spread, fmt="D", color=_STATED, markersize=5, elinewidth=2.4
        )
        labels.append("joint fit")
        how = agreement_text(forest.agreement) if forest.agreement else None
        notes.append((typeset(forest.adjusted.shown), how))
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_yticks(range(len(labels)), labels)
    for place, (shown, source) in enumerate(notes):
        text = shown + (f"\n{_cut(source)}" if source else "")
        axes.annotate(
            text,
            (1.01, place),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=7.5,
            linespacing=1.1,
        )
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color="#e4e4e4", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.locator_params(axis="x", nbins=6)
    axes.ticklabel_format(axis="x", useOffset=False)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    unit = f" / {forest.unit}" if forest.unit not in ("", "1") else ""
    axes.set_xlabel(f"{forest.quantity}{unit}")
    case = f" ({case_text(forest.case)})" if forest.case else ""
    left_out = len(forest.estimates) - len(estimates)
    more = f"; {left_out:,} more are not drawn" if left_out else ""
    lines = textwrap.wrap(f"{forest.title}{case}{more}", TITLE, max_lines=2, placeholder=" …")
    axes.set_title("\n".join(lines), loc="left", fontsize=10)


def _caption(forest: Forest, estimates: tuple[Estimate, ...]) -> str:
    """What the bars mean that are there."""
    uncertain = forest.adjusted is not None or any(one.uncertainty for one in estimates)
    bounded = any(one.ends is not None for one in estimates)
    words = ["thick: one standard uncertainty"] * uncertain + ["thin: rounding and bounds"] * bounded
    if any(not one.stated for one in estimates):
        words.append("squares: derived")
    return "; ".join(words)


def _read(forest: Forest, number: float) -> float:
    """A number in coherent SI as people read it."""
    return (number - forest.zero) / forest.factor


def _estimate(axes: Axes, place: int, one: Estimate, forest: Forest, low: float, high: float) -> None:
    colour = _STATED if one.stated else _DERIVED
    if one.ends is not None:
        reach = (high - low) * _ARROW
        ends = [None if end is None else _read(forest, end) for end in one.ends]
        first = ends[0] if ends[0] is not None else (ends[1] or 0.0) - reach
        last = ends[1] if ends[1] is not None else (ends[0] or 0.0) + reach
        axes.plot([first, last], [place, place], color=colour, linewidth=0.9, zorder=2)
        for end, open_ in ((first, ends[0] is None), (last, ends[1] is None)):
            marker = "|" if not open_ else "<" if end == first else ">"
            axes.plot(end, place, marker=marker, color=colour, markersize=7 if marker == "|" else 4, zorder=3)
    if one.value is not None:
        spread = one.uncertainty / forest.factor if one.uncertainty else None
        axes.errorbar(
            _read(forest, one.value),
            place,
            xerr=spread,
            fmt="o" if one.stated else "s",
            color=colour,
            markersize=4.5,
            elinewidth=2.4,
            zorder=4,
        )


def _extent(forest: Forest, estimates: tuple[Estimate, ...]) -> tuple[float, float]:
    """The least and the largest number to be seen, in the unit of the plot."""
    seen = [0.0] if not estimates else []
    for one in estimates:
        spread = one.uncertainty or 0.0
        seen += [one.value - spread, one.value + spread] if one.value is not None else []
        seen += [end for end in one.ends or () if end is not None]
    if forest.adjusted is not None:
        seen.append(forest.adjusted.value)
    low, high = _read(forest, min(seen, default=0.0)), _read(forest, max(seen, default=0.0))
    width = high - low or abs(high) or 1.0
    return (low, high) if high > low else (low - width / 2, high + width / 2)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
