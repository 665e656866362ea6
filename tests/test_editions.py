"""A pack that replaces another, and numbers that agree to their last digits."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.cli import main
from checker.errors import InputError
from checker.load import builtin_rules, load_pack, load_scenario, load_vocabulary
from checker.model import Scenario
from checker.pipeline import check
from checker.value import Amount

ROD = """\
scenario: a rod
quantities: {length: {symbol: L, unit: m}}
kinds: {rod: {}, bohr-rod: {is: rod, length: a_0}}
rules:
  as-long-as-bohrs-radius: {claim: It is a₀ long., applies_to: rod, equation: length = a_0, status: law}
systems: {rod: {is: rod}}
given: {rod.length: {value: 5.2917721092e-11 m, status: measurement}}
"""


def scenario(folder: Path, text: str, name: str = "rod.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(path: Path) -> list[tuple[str, str, str | None]]:
    """Message, place and hint of each mistake in a scenario, without its folder."""
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    folder = f"{path.parent}/"
    return [
        (m.message.replace(folder, ""), str(m.location).replace(folder, ""), m.hint)
        for m in caught.value.mistakes
    ]


def source_of(loaded: Scenario, constant: str) -> str | None:
    (found,) = loaded.vocabulary.constants[constant]
    return found.source


def test_a_scenario_has_the_constants_of_the_edition_that_it_uses(tmp_path: Path) -> None:
    """The radius of the proton of 2022 contradicts that of 2010, by more than seven standard deviations."""
    text = ROD.replace("= a_0", "= r_p").replace("5.2917721092e-11", "0.84075e-15")
    today = scenario(tmp_path, text)
    then = scenario(tmp_path, f"use: [codata-2010]\n{text}", "then.yaml")
    assert source_of(load_scenario(today), "r_p") == "CODATA 2022, proton rms charge radius"
    assert source_of(load_scenario(then), "r_p") == "CODATA 2010, proton rms charge radius"
    assert check(today).verdict == "no contradiction"
    assert check(then).verdict == "contradiction"


def test_an_edition_counts_whoever_uses_it(tmp_path: Path) -> None:
    """A pack may bring an edition along, and uses other packs as before."""
    scenario(tmp_path, "use: [codata-2014, quantum]\nconstants: {twice: {value: 2*a_0}}\n", "mine.yaml")
    loaded = load_scenario(scenario(tmp_path, f"use: [mine.yaml]\n{ROD}"))
    assert source_of(loaded, "a_0") == "CODATA 2014, Bohr radius"
    assert {"twice"} <= loaded.vocabulary.constants.keys() and "photon-energy" in loaded.vocabulary.rules


def test_two_editions_at_once_are_a_mistake(tmp_path: Path) -> None:
    """The message stands where the second one is asked for, and is the only one."""
    path = scenario(tmp_path, f"use: [codata-2010, codata-2014]\n{ROD}")
    ((message, place, hint),) = mistakes(path)
    assert message.endswith("codata-2010.yaml both replace 'constants'") and "codata-2014.yaml" in message
    assert (place, hint) == ("rod.yaml:1:20", "leave one of them out")


@pytest.mark.parametrize(
    ("line", "column"), [("  r: {value: K_cd/K_cd}", 14), ("  r: {value: 2*delta_nu_Cs}", 16)]
)
def test_a_constant_that_an_edition_does_not_have(tmp_path: Path, line: str, column: int) -> None:
    """Its name is an error that says which pack has none, and in whose place that is."""
    path = scenario(tmp_path, f"use: [codata-2010]\nconstants:\n{line}\n{ROD}")
    found = mistakes(path)
    assert found[0][1] == f"rod.yaml:3:{column}"
    assert all(hint and "codata-2010.yaml has none, which replaces" in hint for _, _, hint in found)


def test_a_scenario_may_state_constants_of_its_own_in_place_of_the_built_in_ones(tmp_path: Path) -> None:
    """With `replaces`, a value of a name that is built in is no mistake."""
    own = "constants: {a_0: {value: 5.2917721092e-11 m, source: mine}}\n"
    ((message, *_),) = mistakes(scenario(tmp_path, own + ROD))
    assert message == "'a_0' is a built-in constant of another value"
    assert source_of(load_scenario(scenario(tmp_path, f"replaces: constants\n{own}{ROD}")), "a_0") == "mine"


def test_a_pack_in_place_of_one_in_place_of_another(tmp_path: Path) -> None:
    """Of three that replace one another the last is in use, and the names of both others say so."""
    pack = "replaces: {}\nconstants: {{{}: {{value: 2 m}}}}\n"
    scenario(tmp_path, pack.format("constants", "x"), "a.yaml")
    scenario(tmp_path, pack.format("a.yaml", "a_0"), "b.yaml")
    loaded = load_scenario(scenario(tmp_path, f"use: [b.yaml, a.yaml]\n{ROD}"))
    assert loaded.vocabulary.constants.keys() == {"a_0"}
    ((_, _, hint),) = mistakes(scenario(tmp_path, f"use: [b.yaml, a.yaml]\n{ROD.replace('= a_0', '= x')}"))
    assert hint is not None and "b.yaml has none, which replaces" in hint and "a.yaml" in hint


def test_what_is_replaced_makes_no_circle(tmp_path: Path) -> None:
    """Two packs that use each other are none where a third stands in place of one of them."""
    scenario(tmp_path, "use: [b.yaml]\nconstants: {x: {value: 1 m}}\n", "a.yaml")
    scenario(tmp_path, "use: [a.yaml]\nconstants: {y: {value: 2 m}}\n", "b.yaml")
    scenario(tmp_path, "replaces: b.yaml\nconstants: {y: {value: 3 m}}\n", "c.yaml")
    ((message, *_),) = mistakes(scenario(tmp_path, f"use: [a.yaml]\n{ROD}"))
    assert message.startswith("packs use each other in a circle")
    constants = load_scenario(scenario(tmp_path, f"use: [a.yaml, c.yaml]\n{ROD}")).vocabulary.constants
    assert constants["y"][0].value.text == "3 m" and "x" in constants


@pytest.mark.parametrize(
    ("packs", "message"),
    [
        ({"a": "replaces: b.yaml", "b": "replaces: a.yaml"}, "packs replace each other in a circle: "),
        ({"a": "replaces: a.yaml"}, "packs replace each other in a circle: "),
        ({"a": "replaces: rod.yaml"}, "a.yaml cannot replace what it is used by"),
        ({"a": "replaces: nothing"}, "no rule pack 'nothing'"),
        ({"a": "replaces: [constants]"}, "'replaces' is a text, not a list"),
    ],
)
def test_what_cannot_be_replaced(tmp_path: Path, packs: dict[str, str], message: str) -> None:
    """A circle, oneself, one's own user, and what is not there are each met with a message at its place."""
    for name, text in packs.items():
        scenario(tmp_path, f"{text}\n", f"{name}.yaml")
    used = ", ".join(f"{name}.yaml" for name in packs)
    ((found, place, _),) = mistakes(scenario(tmp_path, f"use: [{used}]\n{ROD}"))
    assert found.startswith(message) and place.split(":")[0] in ("a.yaml", "b.yaml")


def test_all_built_in_packs_are_those_that_replace_none() -> None:
    """What `check explain` looks into when no pack is named has the constants of today."""
    (found,) = load_vocabulary(()).constants["a_0"]
    assert found.source == "CODATA 2022, Bohr radius"
    assert (
        load_pack(builtin_rules() / "codata-2018.yaml").constants["h"][0].source
        == "CODATA 2018, Planck constant"
    )


def test_explain_shows_the_edition(capsys: pytest.CaptureFixture[str]) -> None:
    """`check explain a_0 --use codata-2010` prints the value of then with its source."""
    assert main(["explain", "a_0", "--use", "codata-2010"]) == 0
    printed = capsys.readouterr().out
    assert "0.52917721092(17)e-10 m" in printed and "CODATA 2010, Bohr radius" in printed


# ---------------------------------------------------------------- agreement


def test_with_rounding_a_number_is_good_to_its_last_digit(tmp_path: Path) -> None:
    """Constants, defaults of kinds and given values of the file lose their standard uncertainty for half a
    unit in the last digit; a bound stays, and so does the uncertainty of an expression without digits."""
    text = f"agreement: rounding\n{ROD}".replace("length: a_0", "length: 5.29(3) m").replace(
        "{value: 5.2917721092e-11 m, status: measurement}",
        "[{name: a, value: 52(3)e-12 m}, {name: b, value: 1.0(2) m, within: 30 %},"
        " {name: c, value: 2*a_0, uncertainty: 1 %}]",
    )
    text += "constants: {width: {value: 2.50 m, uncertainty: 10 %}}\n"
    loaded = load_scenario(scenario(tmp_path, text))
    first, second, third = (given.value for given in loaded.given[0].values)
    width, default = loaded.vocabulary.constants["width"][0].value, loaded.vocabulary.kinds["bohr-rod"]
    for value, half in (
        (first, Amount(first.last_digit or 0, relative=False)),
        (width, Amount(width.last_digit or 0, relative=False)),
        (
            default.defaults["length"].value,
            Amount(default.defaults["length"].value.last_digit or 0, relative=False),
        ),
    ):
        assert (value.uncertainty, value.within) == (None, half)
    assert float(first.last_digit or 0) == 5e-13 and float(width.last_digit or 0) == 0.005
    assert second.uncertainty is None and second.within is not None and second.within.relative
    assert third.uncertainty is not None and third.within is None


def test_agreement_is_a_matter_of_the_file(tmp_path: Path) -> None:
    """What a scenario says of its numbers is not said of those of the packs that it uses, nor the reverse."""
    scenario(tmp_path, "agreement: rounding\nconstants: {sure: {value: 2.5(3) m}}\n", "pack.yaml")
    text = f"use: [pack.yaml]\n{ROD}constants: {{unsure: {{value: 2.5(3) m}}}}\n"
    loaded = load_scenario(scenario(tmp_path, text)).vocabulary.constants
    assert (loaded["sure"][0].value.uncertainty is None, loaded["unsure"][0].value.uncertainty is None) == (
        True,
        False,
    )
    assert loaded["a_0"][0].value.uncertainty is not None
    turned = load_scenario(scenario(tmp_path, f"agreement: rounding\n{text}")).vocabulary.constants
    assert turned["a_0"][0].value.uncertainty is not None


@pytest.mark.parametrize(
    ("agreement", "verdict"), [("uncertainty", "no contradiction"), ("rounding", "contradiction")]
)
def test_numbers_of_one_adjustment_disagree_by_their_digits(
    tmp_path: Path, agreement: str, verdict: str
) -> None:
    """Two units of the last digit are within the uncertainty of two values, and beyond their rounding."""
    values = "[{name: here, value: 1.2345(12) m}, {name: there, value: 1.2347(12) m}]"
    text = f"agreement: {agreement}\n{ROD}".replace(
        "{value: 5.2917721092e-11 m, status: measurement}", values
    )
    text = text.replace("length = a_0", "length < 2*length")
    assert check(scenario(tmp_path, text)).verdict == verdict


def test_an_unknown_agreement_is_a_mistake(tmp_path: Path) -> None:
    """Another word is met with those that there are."""
    found = mistakes(scenario(tmp_path, f"agreement: statistics\n{ROD}"))
    assert found == [("'statistics' is no agreement", "rod.yaml:1:12", "it is uncertainty or rounding")]
