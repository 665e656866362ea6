"""Contradictions and what somebody accepts of them → the same contradictions, the accepted ones marked.

Contradictions are the same where they dispute the same premises, wherever these stand in a file. What an
earlier report knows covers what is no worse: at the same entities, against the same held claims, no further
apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from checker.errors import InputError, Mistake
from checker.model import Contradiction, Ignored, Report

GROWTH = 1.01
"""How much further apart than before the sides of a known contradiction may be."""


def identity(found: Contradiction) -> frozenset[str]:
    """The premises that a contradiction disputes; where all its claims are held, these."""
    disputed = frozenset(claim.id for claim in found.claims if not claim.held)
    return disputed or frozenset(claim.id for claim in found.claims)


# ---------------------------------------------------------------- by the scenario itself


def accept(found: Sequence[Contradiction], ignored: Iterable[Ignored]) -> tuple[Contradiction, ...]:
    """Each contradiction that the scenario ignores gets the reason for that; so does a tension."""
    reasons = {(one.premises, strong): one.reason for one in ignored for strong in {one.strong, False}}
    return tuple(replace(one, accepted=reasons.get((identity(one), one.id[:1] == "c"))) for one in found)


def all_accepted(report: Report) -> bool:
    """Whether there are contradictions, all of them found, and each is accepted."""
    found = report.contradictions
    return bool(found) and not report.incomplete and all(one.accepted is not None for one in found)


def stale(ignored: Iterable[Ignored], found: Iterable[Contradiction]) -> tuple[str, ...]:
    """What a scenario ignores and is no longer there to be ignored, a sentence each."""
    there = {identity(one) for one in found}
    return tuple(
        f"{one.location}: nothing to ignore here: no contradiction of just {_listed(one.premises)}"
        f"{_alike(one.premises, there)}"
        for one in ignored
        if one.premises not in there
    )


def _alike(premises: frozenset[str], there: Iterable[frozenset[str]]) -> str:
    """The contradiction that has most premises in common with these, where one has any."""
    common = max(there, key=lambda other: (len(premises & other), -len(other)), default=frozenset())
    return f"; there is one of {_listed(common)}" if premises & common else ""


def _listed(premises: Iterable[str]) -> str:
    return ", ".join(sorted(premises))


# ---------------------------------------------------------------- by an earlier report


@dataclass(frozen=True, slots=True)
class Known:
    """What a report said of a contradiction: its kind, the ids of its held claims, the entities of each
    occurrence, and how far its sides were apart in standard uncertainties and as a factor. A tension is not
    `strong`."""

    strong: bool
    kind: str
    held: frozenset[str]
    places: frozenset[tuple[str, ...]]
    sigma: float | None
    ratio: float | None

    def covers(self, other: Known) -> bool:
        """Whether the other one is no worse: the same claims at the same entities, no further apart."""
        same = (self.kind, self.held) == (other.kind, other.held) and self.strong >= other.strong
        pairs = [(self.sigma, other.sigma), (self.ratio, other.ratio)]
        if self.sigma is not None and other.sigma is not None:
            pairs = pairs[:1]  # a factor says nothing where standard uncertainties decide
        grown = any(now is not None and (then is None or now > GROWTH * then) for then, now in pairs)
        return same and other.places <= self.places and not grown


@dataclass(frozen=True, slots=True)
class Baseline:
    """The contradictions and tensions of an earlier JSON report: of each scenario, by its file, the premises
    in dispute and what was said of them."""

    path: str
    known: Mapping[Path, Mapping[frozenset[str], Sequence[Known]]]


def read_baseline(path: Path) -> Baseline:
    """What the JSON report in a file knows. Raises InputError where it is none."""
    import json

    try:
        known = {
            Path(_text(entry["path"])).resolve(): _listed_by_identity(entry)
            for entry in json.loads(path.read_text(encoding="utf-8"))["scenarios"]
        }
    except OSError as error:
        raise InputError([Mistake("unreadable-file", f"cannot read {path}: {error.strerror}")]) from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        hint = "write one with `check SCENARIOS --output FILE.json`"
        raise InputError(
            [Mistake("unreadable-file", f"{path} is no JSON report of check", hint=hint)]
        ) from error
    return Baseline(str(path), known)


def _listed_by_identity(entry: Mapping[str, Any]) -> dict[frozenset[str], list[Known]]:
    found: dict[frozenset[str], list[Known]] = {}
    for key in ("contradictions", "tensions"):
        for one in entry[key]:
            held = {_text(claim["id"]): bool(claim["held"]) for claim in one["claims"]}
            disputed = frozenset(id_ for id_, is_held in held.items() if not is_held)
            places = frozenset(tuple(map(_text, place["entities"])) for place in one["occurrences"])
            sizes = [None if one[size] is None else float(one[size]) for size in ("sigma", "ratio")]
            known = Known(
                key == "contradictions", _text(one["kind"]), frozenset(held) - disputed, places, *sizes
            )
            found.setdefault(disputed or frozenset(held), []).append(known)
    return found


def _text(node: object) -> str:
    if not isinstance(node, str):
        raise TypeError(node)
    return node


def compared(report: Report, baseline: Baseline) -> Report:
    """The report with each contradiction accepted that the baseline knows and that is no worse than then, and
    a warning for each that is, and for each that is gone."""
    known = baseline.known.get(Path(report.path).resolve(), {})
    reason = f"known in {baseline.path}"
    found = (*report.contradictions, *report.tensions)
    worse = [one for one in found if identity(one) in known and not _covered(one, known)]
    there = {identity(one) for one in found}
    gone = [premises for premises in known if premises not in there and not report.incomplete]

    def marked(several: tuple[Contradiction, ...]) -> tuple[Contradiction, ...]:
        return tuple(
            replace(one, accepted=reason) if one.accepted is None and _covered(one, known) else one
            for one in several
        )

    unknown = bool(found) and Path(report.path).resolve() not in baseline.known
    return replace(
        report,
        contradictions=marked(report.contradictions),
        tensions=marked(report.tensions),
        warnings=(
            *report.warnings,
            *[f"{baseline.path} has nothing of this file; paths count from the current folder"] * unknown,
            *(
                f"{baseline.path}: the contradiction of {_listed(identity(one))} has changed or grown"
                for one in worse
            ),
            *(f"{baseline.path}: a contradiction of {_listed(premises)} is gone" for premises in gone),
        ),
    )


def _covered(found: Contradiction, known: Mapping[frozenset[str], Sequence[Known]]) -> bool:
    worst = found.occurrences[0]
    now = Known(
        found.id[:1] == "c",
        found.kind,
        frozenset(claim.id for claim in found.claims if claim.held),
        frozenset(one.entities for one in found.occurrences),
        worst.sigma,
        worst.ratio,
    )
    return any(then.covers(now) for then in known.get(identity(found), ()))
