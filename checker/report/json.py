"""Reports → one JSON document, the form in which programs read them (schema version 1)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass

from checker import __version__
from checker.errors import Mistake
from checker.model import Agreement, Broken, Contradiction, Difference, JointFit, Occurrence, Report

SCHEMA_VERSION = 1


def to_json(reports: Sequence[Report | Broken], difference: Difference | None = None) -> str:
    """A strict JSON document with one entry a scenario, in the order given, ending in a newline.

    Values are coherent SI in the unit beside them; a number that JSON cannot hold (infinite, not a number)
    is null. All text is ASCII with escapes, so that it survives any terminal or pipe. A `difference` from the
    scenario as it stands is put beside the reports.
    """
    document: dict[str, object] = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "checker", "version": __version__},
        "scenarios": [_broken(entry) if isinstance(entry, Broken) else _report(entry) for entry in reports],
    }
    if difference is not None:
        document["difference"] = difference
    return json.dumps(_plain(document), indent=2, allow_nan=False) + "\n"


def _report(report: Report) -> dict[str, object]:
    return {
        "path": report.path,
        "title": report.title,
        "source": report.source,
        "verdict": report.verdict,
        "contradictions": [_contradiction(each) for each in report.contradictions],
        "tensions": [_contradiction(each) for each in report.tensions],
        "ways_out": report.ways_out,
        "proposals": report.proposals,
        "double_standards": [
            {"rule": each.rule, "entity": each.entity, "reason": each.reason}
            for each in report.double_standards
        ],
        "coverage": report.coverage,
        "unsettled": report.unsettled,
        "limits": report.limits,
        "fits": [_fit(each) for each in report.fits],
        "agreement": report.agreement,
        "narrowed": report.narrowed,
        "cases": report.cases,
        "assume": report.assume,
        "case": report.case,
        "values": report.values,
        "predictions": report.predictions,
        "assumptions": report.assumptions,
        "warnings": report.warnings,
        "incomplete": report.incomplete,
        "interrupted": report.interrupted,
        "errors": [],
    }


def _contradiction(found: Contradiction) -> dict[str, object]:
    worst = found.occurrences[0]
    return {
        "id": found.id,
        "kind": found.kind,
        "proof": found.proof,
        "claims": found.claims,
        **_measured(worst),
        "vanishes_when": found.vanishes_when,
        "note": found.note,
        "certificate": found.certificate,
        "outside": found.outside,
        "origins": found.origins,
        "case": found.case,
        "accepted": found.accepted,
        "occurrences": [{"entities": each.entities, **_measured(each)} for each in found.occurrences],
    }


def _measured(occurrence: Occurrence) -> dict[str, object]:
    return {
        "quantity": occurrence.quantity,
        "sides": occurrence.sides,
        "ratio": occurrence.ratio,
        "ratio_exact": occurrence.ratio_exact,
        "sigma": occurrence.sigma,
    }


def _fit(fit: JointFit) -> dict[str, object]:
    return {
        "claims": fit.claims,
        **{each.name: getattr(fit.agreement, each.name, None) for each in fields(Agreement)},
        "pulls": fit.pulls,
        "adjusted": fit.adjusted,
    }


def _broken(broken: Broken) -> dict[str, object]:
    empty = Report(path=broken.path, title="", source=None, verdict="error")
    return {**_report(empty), "errors": [_mistake(each, broken.path) for each in broken.mistakes]}


def _mistake(mistake: Mistake, path: str) -> dict[str, object]:
    place = mistake.location
    return {
        "code": mistake.code,
        "message": mistake.message,
        "path": place.path if place else path,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "hint": mistake.hint,
        "details": mistake.details,
    }


def _plain(node: object) -> object:
    """Records as mappings, tuples as lists, and null for what is no finite number."""
    if isinstance(node, float):
        return node if math.isfinite(node) else None
    if isinstance(node, Mapping):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_plain(each) for each in node]
    if is_dataclass(node) and not isinstance(node, type):
        return {each.name: _plain(getattr(node, each.name)) for each in fields(node)}
    return node
