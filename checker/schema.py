"""A form of the file formats → its JSON Schema, as editors read it.

To the loader scalars are texts, whatever YAML makes of them: a schema takes numbers and booleans for them.
An empty value stands for an empty mapping or list wherever nothing in it is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from checker.layout import PACK, SCENARIO, Again, Either, Form, Keyed, Listed, Named, Scalar

FORMATS = {
    "rule": (PACK, "A pack of rules for `check`"),
    "scenario": (SCENARIO, "A scenario for `check`"),
}


def schema_path(word: str) -> Path:
    """Where the schema of rule packs ("rule") or scenarios ("scenario") lies, once generated."""
    return Path(__file__).parent / "schemas" / f"{word}.schema.json"


def schema(word: str) -> dict[str, Any]:
    """The JSON Schema of rule packs ("rule") or of scenarios ("scenario")."""
    form, title = FORMATS[word]
    shared: dict[str, Any] = {}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": title,
        **_keyed(form, shared),
        "type": "object",  # a file that says nothing is refused
        "definitions": dict(sorted(shared.items())),
    }


def _of(form: Form, shared: dict[str, Any]) -> dict[str, Any]:
    """The schema of a form; mappings with keys of the format go into `shared` and are referred to."""
    match form:
        case Scalar(choices=()):
            return {"type": ["string", "number", "boolean"]}
        case Scalar(choices=choices):
            booleans = [choice == "true" for choice in choices if choice in ("true", "false")]
            return {"enum": [*choices, *booleans]}
        case Listed(item):
            return {"type": ["array", "null"], "items": _of(item, shared)}
        case Named(value):
            return {"type": ["object", "null"], "additionalProperties": _of(value, shared)}
        case Either(forms):
            return {"anyOf": [_of(one, shared) for one in forms]}
        case Keyed(name) if name not in shared:
            shared[name] = {}  # its place, should it come up within itself
            shared[name] = _keyed(form, shared)
    assert isinstance(form, Keyed | Again)
    return {"$ref": f"#/definitions/{form.name}"}


def _keyed(form: Keyed, shared: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"type": ["object", "null"]}
    if form.needed or form.one_of or form.any_of:
        found["type"] = "object"
    found["properties"] = {
        name: {"description": key.about, **_of(key.form, shared)} for name, key in form.keys.items()
    }
    found["additionalProperties"] = False if form.others is None else _of(form.others, shared)
    if form.needed:
        found["required"] = list(form.needed)
    for word, keys in (("oneOf", form.one_of), ("anyOf", form.any_of)):
        if keys:
            found[word] = [{"required": [key]} for key in keys]
    return found
