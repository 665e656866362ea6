"""Contradictions and what somebody accepts of them → the same contradictions, the accepted ones marked.

Contradictions are the same where they dispute the same premises, wherever these stand in a file; what is
accepted may also say at which entities, and then not elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checker.errors import InputError, Mistake
from checker.model import Contradiction, Ignored, Occurrence, Report

Places = frozenset[tuple[str, ...]]
"""Entities of each occurrence."""


def identity(found: Contradiction) -> frozenset[str]:
    """The premises that a contradiction disputes; where all its claims are held, these."""
    disputed = frozenset(claim.id for claim in found.claims if not claim.held)
    return disputed or frozenset(claim.id for claim in found.claims)


# ---------------------------------------------------------------- by the scenario itself


def accept(found: Sequence[Contradiction], ignored: Iterable[Ignored]) -> tuple[Contradiction, ...]:
    """Each contradiction that the scenario ignores gets the reason for that."""
    reasons = {one.premises: one.reason for one in ignored}
    return tuple(replace(one, accepted=reasons.get(identity(one))) for one in found)


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
class Baseline:
    """The contradictions and tensions of an earlier JSON report: of each scenario, by its file, the premises
    in dispute and where."""

    path: str
    known: Mapping[Path, Mapping[frozenset[str], Places]]


def read_baseline(path: Path) -> Baseline:
    """What the JSON report in a file knows. Raises InputError where it is none."""
    import json

    try:
        scenarios = json.loads(path.read_text(encoding="utf-8"))["scenarios"]
        known = {
            Path(entry["path"]).resolve(): {
                _identity(one): frozenset(tuple(place["entities"]) for place in one["occurrences"])
                for one in (*entry["contradictions"], *entry["tensions"])
            }
            for entry in scenarios
        }
    except OSError as error:
        raise InputError([Mistake("unreadable-file", f"cannot read {path}: {error.strerror}")]) from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        hint = "write one with `check SCENARIOS --output FILE.json`"
        raise InputError(
            [Mistake("unreadable-file", f"{path} is no JSON report of check", hint=hint)]
        ) from error
    return Baseline(str(path), known)


def _identity(found: Mapping[str, list[dict[str, str]]]) -> frozenset[str]:
    disputed = frozenset(claim["id"] for claim in found["claims"] if not claim["held"])
    return disputed or frozenset(claim["id"] for claim in found["claims"])


def compared(report: Report, baseline: Baseline) -> Report:
    """The report with each contradiction accepted that the baseline knows at all its entities, and a warning
    for each that the baseline knows and that is gone."""
    known = baseline.known.get(Path(report.path).resolve(), {})
    reason = f"known in {baseline.path}"

    def marked(found: tuple[Contradiction, ...]) -> tuple[Contradiction, ...]:
        return tuple(
            replace(one, accepted=reason)
            if one.accepted is None and _places(one.occurrences) <= known.get(identity(one), frozenset())
            else one
            for one in found
        )

    there = {identity(one) for one in (*report.contradictions, *report.tensions)}
    gone = [premises for premises in known if premises not in there and not report.incomplete]
    warnings = [f"{baseline.path}: a contradiction of {_listed(premises)} is gone" for premises in gone]
    return replace(
        report,
        contradictions=marked(report.contradictions),
        tensions=marked(report.tensions),
        warnings=(*report.warnings, *warnings),
    )


def _places(occurrences: Iterable[Occurrence]) -> Places:
    return frozenset(one.entities for one in occurrences)
