"""The rule packs of the library: each rule is cross-checked in a scenario that ships, and all load together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from checker.ground import ground
from checker.load import load_scenario, load_vocabulary
from checker.pipeline import _cases, check

ROOT = Path(__file__).parent.parent
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
PACKS = ["mechanics", "gravitation", "relativity"]
