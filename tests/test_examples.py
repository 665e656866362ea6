"""Examples of rules: how exact they have to be, and what is said of those that fall short."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.verify import examples

BALL = """\
quantities: {radius: {symbol: a, unit: m}, volume: {symbol: V, unit: m^3}}
kinds: {ball: {}}
rules:
  volume-of-a-ball:
    claim: The volume of a ball grows with the third power of its radius.
    applies_to: ball
    equation: V = 4/3*pi*a^3
    status: law
    source: Euclid XII, 18
    examples:
      - EXAMPLE
"""


def outcome(folder: Path, example: str, text: str = BALL) -> str | None:
    """What fell short in the one example, None for nothing."""
    path = folder / "ball.yaml"
    path.write_text(text.replace("EXAMPLE", example), encoding="utf-8")
    (found,) = examples([path])
    return found.failure


@pytest.mark.parametrize("volume", ["4.2 m^3", "4.19 m^3", "4.18879 m^3", "4.188790204786391 m^3"])
def test_a_case_that_holds_is_as_good_as_it_is_written(tmp_path: Path, volume: str) -> None:
    """4π/3 has no end: any number of its digits will do, as long as the last one is right."""
    assert outcome(tmp_path, f"holds: {{V: {volume}, a: 1 m}}") is None


@pytest.mark.parametrize(("volume", "ratio"), [("4.3 m^3", "1.0265"), ("4.18878 m^3", "1.00000243")])
def test_a_case_that_does_not_hold_says_by_how_much(tmp_path: Path, volume: str, ratio: str) -> None:
    """Both values and their ratio are told, so that a slip of a digit shows."""
    failure = outcome(tmp_path, f"holds: {{V: {volume}, a: 1 m}}")
    assert failure is not None
    assert f"should hold, but fails: volume comes out as {volume} and 4.18" in failure
    assert f"a factor {ratio}" in failure


def test_a_case_that_fails_is_exact(tmp_path: Path) -> None:
    """A case meant to fail does not hold by having few digits: 4.2 is another number than 4π/3."""
    assert outcome(tmp_path, "fails: {V: 4.2 m^3, a: 1 m}") is None


@pytest.mark.parametrize("verdict", ["holds", "fails"])
def test_a_rule_out_of_balance_falls_short_in_each_example(tmp_path: Path, verdict: str) -> None:
    """An area in place of a volume is no failing case but a mistake: both dimensions are told."""
    failure = outcome(tmp_path, f"{verdict}: {{V: 4.2 m^3, a: 1 m}}", BALL.replace("a^3", "a^2"))
    assert failure is not None
    assert "the two sides differ in dimension; volume m³; 4·pi·radius²/3 m²" in failure
