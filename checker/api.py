"""The Python interface: a scenario's file → a report that prints, draws and converts itself."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from checker import model
from checker.changes import Changes
from checker.pipeline import Options
from checker.pipeline import check as _check
from checker.report.formats import FORMATS, Document

if TYPE_CHECKING:
    from checker.report.digraph import DiGraph

_HEIGHT = 640
"""Of a report in a notebook, in pixels; it scrolls inside."""


class Report(model.Report):
    """All there is to say about one scenario. It prints as the text report; a notebook shows the page."""

    __slots__ = ()

    @property
    def graph(self) -> DiGraph[str]:
        """The dependency graph: nodes are quantities by path and claims by `premise @ entity`, told apart by
        their `kind`, with what is known of each; edges follow the derivation."""
        from checker.report.digraph import to_digraph

        assert self.network is not None
        return to_digraph(self.network)

    def to_text(self, width: int = 100) -> str:
        return FORMATS["text"](Document((self,), width=width))

    def to_json(self) -> str:
        return FORMATS["json"](Document((self,)))

    def to_markdown(self) -> str:
        return FORMATS["markdown"](Document((self,)))

    def to_html(self) -> str:
        return FORMATS["html"](Document((self,)))

    def to_sarif(self) -> str:
        return FORMATS["sarif"](Document((self,)))

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        number = len(self.contradictions)
        several = f" ({number} contradictions)" if number > 1 else ""
        return f"<Report {self.path}: {self.verdict}{several}>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        # In a frame of its own, so that neither page's styles reach the other.
        page = html.escape(self.to_html(), quote=True)
        frame = (
            f'<iframe srcdoc="{page}" sandbox="allow-scripts" title="{html.escape(self.title)}" '
            f'style="width:100%;height:{_HEIGHT}px;border:0"></iframe>'
        )
        return {"text/html": frame, "text/markdown": self.to_markdown(), "text/plain": self.to_text()}


def check(
    path: str | Path,
    *,
    rules: Iterable[str | Path] = (),
    sigma: tuple[float, float] = (3.0, 5.0),
    limit: int = 1_000,
    drop: str | Iterable[str] = (),
    assume: str | Iterable[str] = (),
    set: Mapping[str, str | float] | None = None,
) -> Report:
    """Check one scenario.

    `rules` are folders in which packs are looked for besides the built-in ones; `sigma` is from how many
    standard deviations on a misfit is a tension and a contradiction; `limit` how many contradictions and ways
    out to look for. `drop`, `assume` and `set` change the scenario as the options of the command do; one id
    may stand for a list of one.

    Raises InputError, with every mistake found, where a file or a change cannot be used.
    """
    values = tuple((name, str(value)) for name, value in (set or {}).items())
    changes = Changes(_listed(drop), _listed(assume), set=values)
    options = Options(tuple(map(Path, rules)), sigma, limit, outlook=True, network=True)
    report = _check(Path(path), options, None if changes == Changes() else changes)
    return Report(**{one.name: getattr(report, one.name) for one in fields(report)})


def _listed(ids: str | Iterable[str]) -> tuple[str, ...]:
    return (ids,) if isinstance(ids, str) else tuple(ids)
