"""Reports → SARIF 2.1.0 (OASIS, 2020), as code scanning reads it: what is not accepted, where it stands, and
a code flow for the derivation of each side."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from urllib.parse import quote

from checker import __version__
from checker.accepted import identity
from checker.errors import Mistake
from checker.mistakes import CATALOGUE
from checker.model import Broken, ClaimRef, Contradiction, Report, Side
from checker.report.wording import clean, contradiction_line, equals, typeset

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MAX_STEPS = 1_000
"""Of a derivation; what shows code flows shows no more."""

_RULES = {
    "value": ("ContradictoryValues", "A quantity comes out in ways that differ beyond all stated doubt."),
    "quantum": ("ContradictoryQuanta", "A quantity fits no allowed number of quanta."),
    "bound": ("ContradictoryBounds", "A quantity comes out beyond its bound."),
    "attribute": ("ContradictoryAttributes", "A system is said to be two things that exclude each other."),
    "dimension": ("UnbalancedEquation", "The two sides of an equation have different dimensions."),
    "tension": (
        "StatisticalTension",
        "A quantity comes out in ways that differ by several standard uncertainties.",
    ),
}

_Json = dict[str, object]


def to_sarif(entries: Sequence[Report | Broken]) -> str:
    """One run with a result for each contradiction and tension that nobody has accepted, and for each mistake
    in a broken file; ASCII, ending in a newline."""
    broken = (entry for entry in entries if isinstance(entry, Broken))
    codes = sorted({mistake.code for entry in broken for mistake in entry.mistakes})
    rules = [*map(_rule, _RULES), *map(_mistake_rule, codes)]
    places = {str(rule["id"]): place for place, rule in enumerate(rules)}
    results = [result for entry in entries for result in _results(entry)]
    run = {
        "tool": {
            "driver": {
                "name": "check",
                "semanticVersion": __version__,
                "rules": rules,
            }
        },
        "invocations": [
            {
                "executionSuccessful": not any(isinstance(entry, Broken) for entry in entries),
                "toolExecutionNotifications": [note for entry in entries for note in _notes(entry)],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [{"ruleIndex": places[str(result["ruleId"])], **result} for result in results],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(kind: str) -> _Json:
    name, description = _RULES[kind]
    level = "warning" if kind == "tension" else "error"
    return _descriptor(_rule_id(kind), name, description, _HELP[level], level)


def _mistake_rule(code: str) -> _Json:
    entry = CATALOGUE[code]
    name = "".join(word.capitalize() for word in code.split("-"))
    return _descriptor(code, name, entry.means, f"{entry.why} {entry.mend}", "error")


def _descriptor(id_: str, name: str, description: str, more: str, level: str) -> _Json:
    return {
        "id": id_,
        "name": name,
        "shortDescription": {"text": description},
        "fullDescription": {"text": description},
        "help": {"text": f"{description} {more}"},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": ["physics", "consistency"], "precision": "very-high"},
    }


_HELP = {
    "error": "The code flows show how each side is derived. Any one of the ways out that the message lists "
    "settles it; a scenario accepts it under `ignore`, with a reason.",
    "warning": "It is below the threshold of a contradiction, so that nothing has to be given up for it.",
}


def _rule_id(kind: str) -> str:
    return kind if kind == "tension" else f"contradiction/{kind}"


def _results(entry: Report | Broken) -> Iterator[_Json]:
    if isinstance(entry, Broken):
        for mistake in entry.mistakes:
            yield _of_mistake(mistake, entry.path)
        return
    entry = clean(entry)
    for found in entry.contradictions:
        if found.accepted is None:
            yield _result(found, found.kind, entry)
    for found in entry.tensions:
        if found.accepted is None:
            yield _result(found, "tension", entry)


def _result(found: Contradiction, kind: str, report: Report) -> _Json:
    worst = found.occurrences[0]
    claims = {claim.id: claim for claim in found.claims}
    primary = _primary(found.claims, report.path)
    others = [claim for claim in found.claims if claim is not primary]
    return {
        "ruleId": _rule_id(kind),
        "level": "warning" if kind == "tension" else "error",
        "message": _message(_told(found, report)),
        "locations": [_location(primary, report.path, worst.quantity)],
        "relatedLocations": [
            {"id": number, **_location(claim, report.path), "message": _message(_claim(claim))}
            for number, claim in enumerate(others, start=1)
        ],
        "codeFlows": [_flow(side, claims, report.path) for side in worst.sides if side.steps],
        "partialFingerprints": _fingerprints(report.path, kind, *sorted(identity(found))),
    }


def _primary(claims: Sequence[ClaimRef], scenario: str) -> ClaimRef | None:
    """Where the contradiction is shown: at a claim of the scenario that may be given up, if there is one."""
    here = [claim for claim in claims if claim.path == scenario]
    return next((claim for claim in (*here, *claims) if not claim.held), claims[0] if claims else None)


def _told(found: Contradiction, report: Report) -> str:
    lines = [f"{contradiction_line(found)}."]
    if found.note:
        lines += found.note.splitlines()
    for side in found.occurrences[0].sides:
        by = f", by {', '.join(side.claims)}" if side.claims else ""
        lines.append(f"{equals(side.shown, side.exact)}{by}")
    ways = [" and ".join(way.give_up) for way in report.ways_out if found.id in way.settles]
    if ways:
        lines.append(f"Settled by giving up any one of: {'; '.join(ways[:10])}")
    return "\n".join(lines)


def _claim(claim: ClaimRef) -> str:
    held = ", held" if claim.held else ""
    said = " — ".join(one for one in (claim.text, claim.source) if one)
    return f"{claim.id} ({claim.status}{held}){f': {said}' if said else ''}"


def _flow(side: Side, claims: dict[str, ClaimRef], scenario: str) -> _Json:
    steps = [
        {"location": {**_location(claims.get(one.claim), scenario), "message": _message(typeset(one.gives))}}
        for one in side.steps[:MAX_STEPS]
    ]
    told = equals(side.shown, side.exact)
    return {"message": _message(told), "threadFlows": [{"locations": steps}]}


def _location(claim: ClaimRef | None, scenario: str, quantity: str | None = None) -> _Json:
    """The place of a claim; that of the scenario where the claim stands in no file."""
    there = claim is not None and not claim.path.startswith("--")  # a change made on the command line
    path, line, column = (claim.path, claim.line, claim.column) if claim and there else (scenario, 1, 1)
    physical = {"artifactLocation": _artifact(path), "region": {"startLine": line, "startColumn": column}}
    logical = {"logicalLocations": [{"fullyQualifiedName": quantity}]} if quantity else {}
    return {"physicalLocation": physical, **logical}


def _artifact(path: str) -> _Json:
    pure = PurePath(path)
    if pure.is_absolute() or ".." in pure.parts:
        return {"uri": Path(path).resolve().as_uri()}
    base = {"uriBaseId": "%SRCROOT%"} if Path(path).exists() else {}  # an installed pack lies elsewhere
    return {"uri": quote(pure.as_posix()), **base}


def _of_mistake(mistake: Mistake, path: str) -> _Json:
    place = mistake.location
    path = place.path if place else path
    region = {"startLine": place.line, "startColumn": place.column} if place else {"startLine": 1}
    if place and place.length > 1:
        region["endColumn"] = place.column + place.length
    hint = f"\n{mistake.hint}" if mistake.hint else ""
    return {
        "ruleId": mistake.code,
        "level": "error",
        "message": _message(clean(mistake.message) + clean(hint)),
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(path), "region": region}}],
        "partialFingerprints": _fingerprints(path, mistake.code, mistake.message),
    }


def _fingerprints(*parts: str) -> _Json:
    """What a finding is, whatever line it stands on: the first key is the one that GitHub goes by."""
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()
    return {"primaryLocationLineHash": f"{digest[:16]}:1", "checkerContradiction/v1": digest}


def _notes(entry: Report | Broken) -> Iterator[_Json]:
    """What is no contradiction and has to be known: warnings, and what was not checked."""
    if isinstance(entry, Broken):
        return
    entry = clean(entry)
    if entry.verdict == "undetermined":
        yield _note(entry.path, "Nothing could be cross-checked.", "note")
    if entry.incomplete or entry.interrupted:
        yield _note(
            entry.path, "The search did not come to its end: more contradictions may exist.", "warning"
        )
    for found in (*entry.contradictions, *entry.tensions):
        if found.accepted is not None:
            yield _note(entry.path, f"Accepted: {contradiction_line(found)}: {found.accepted}", "note")
    for warning in entry.warnings:
        yield _note(entry.path, warning, "warning")


def _note(path: str, text: str, level: str) -> _Json:
    locations = [{"physicalLocation": {"artifactLocation": _artifact(path)}}]
    return {"level": level, "message": _message(text), "locations": locations}


def _message(text: str) -> _Json:
    """Plain text: what the format would take for a placeholder or a link is taken for neither."""
    return {"text": re.sub(r"\{(\d+)\}", r"{{\1}}", text).replace("](", "] (") or "-"}
