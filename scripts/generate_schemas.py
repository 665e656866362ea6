"""The JSON Schemas of both file formats, from the declarations that the loader reads by.

Run it from the repository's root: `python -m scripts.generate_schemas`.
"""

from __future__ import annotations

import json

from checker.schema import FORMATS, schema, schema_path


def generated(word: str) -> str:
    """The file of one format's schema."""
    return json.dumps(schema(word), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for word in FORMATS:
        schema_path(word).write_text(generated(word), encoding="utf-8")
