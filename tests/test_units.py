"""Units are read exactly, dangerous texts are refused, and what was looked up once is not looked up again."""

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pint import UnitRegistry

from checker import units
from checker.dimension import DIMENSIONLESS, Dimension
from checker.errors import TextError
from checker.load import load_pack
from checker.units import Unit, coherent, parse_scale, parse_unit


@pytest.fixture(scope="module", autouse=True)
def no_cache_but_ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Neither trust nor change what the user's own cache holds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        forget()
        yield
    forget()


@pytest.fixture
def cache_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache folder, and a process that has looked up nothing yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    forget()
    path = units._cache_path()
    assert path is not None and path.is_relative_to(tmp_path)
    yield path
    forget()


def forget() -> None:
    parse_scale.cache_clear()
    units._known.cache_clear()


def run(code: str, cache_home: Path) -> str:
    """What a fresh Python prints."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache_home)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("text", "factor", "dimension"),
    [
        ("pm", Fraction(1, 10**12), "m"),
        ("µm", Fraction(1, 10**6), "m"),  # the micro sign
        ("μm", Fraction(1, 10**6), "m"),  # the letter mu
        ("Å", Fraction(1, 10**10), "m"),
        ("inch", Fraction(254, 10000), "m"),
        ("eV", Fraction(1602176634, 10**28), "kg·m²·s⁻²"),
        ("J*s", Fraction(1), "kg·m²·s⁻¹"),
        ("J s", Fraction(1), "kg·m²·s⁻¹"),
        ("Wb", Fraction(1), "kg·m²·s⁻²·A⁻¹"),
        ("m^3/(kg s^2)", Fraction(1), "kg⁻¹·m³·s⁻²"),
        ("m·s⁻¹", Fraction(1), "m·s⁻¹"),
        ("km/h", Fraction(1000, 3600), "m·s⁻¹"),
        ("m**2", Fraction(1), "m²"),
        ("m²", Fraction(1), "m²"),
        ("MeV/c^2", Fraction(1602176634, 10**22) / 299792458**2, "kg"),
        ("lbf*s", Fraction(45359237, 10**8) * Fraction(980665, 10**5), "kg·m·s⁻¹"),
        ("%", Fraction(1, 100), "1"),
        ("1/s", Fraction(1), "s⁻¹"),
        ("1", Fraction(1), "1"),
        ("g^(1/2)", None, "kg^(1/2)"),
        ("lbf s", Fraction(45359237, 10**8) * Fraction(980665, 10**5), "kg·m·s⁻¹"),
        ("MeV/c²", Fraction(1602176634, 10**22) / 299792458**2, "kg"),
        ("GeV/c", Fraction(1602176634, 10**19) / 299792458, "kg·m·s⁻¹"),
        ("lb/L", Fraction(45359237, 10**8) * 1000, "kg·m⁻³"),
        ("mmHg", Fraction("13595.1") * Fraction("9.80665") / 1000, "kg·m⁻¹·s⁻²"),
        ("atm", Fraction(101325), "kg·m⁻¹·s⁻²"),
        ("Torr", Fraction(101325, 760), "kg·m⁻¹·s⁻²"),
        ("cal", Fraction("4.184"), "kg·m²·s⁻²"),
        ("kWh", Fraction(3_600_000), "kg·m²·s⁻²"),
        ("µs", Fraction(1, 10**6), "s"),
        ("ppm", Fraction(1, 10**6), "1"),
        ("ppb", Fraction(1, 10**9), "1"),
        ("barn", Fraction(1, 10**28), "m²"),
        ("mb", Fraction(1, 10**31), "m²"),
        ("fm", Fraction(1, 10**15), "m"),
        ("sr", Fraction(1), "1"),
        ("dyn", Fraction(1, 10**5), "kg·m·s⁻²"),
        ("erg", Fraction(1, 10**7), "kg·m²·s⁻²"),
        ("gauss", Fraction(1, 10**4), "kg·s⁻²·A⁻¹"),
        ("kG", Fraction(1, 10), "kg·s⁻²·A⁻¹"),
        ("Mx", Fraction(1, 10**8), "kg·m²·s⁻²·A⁻¹"),
        ("ly", Fraction(299792458 * 31557600), "m"),
        ("AU", Fraction(149597870700), "m"),
        ("Jy", Fraction(1, 10**26), "kg·s⁻²"),
        ("Nm", Fraction(1), "kg·m²·s⁻²"),
        ("k_B", Fraction(1380649, 10**29), "kg·m²·s⁻²·K⁻¹"),
        ("Φ_0", Fraction(662607015, 10**42) / 2 / Fraction(1602176634, 10**28), "kg·m²·s⁻²·A⁻¹"),
        ("s⁻¹", Fraction(1), "s⁻¹"),
        ("kg m² s⁻²", Fraction(1), "kg·m²·s⁻²"),
        ("J/(kg K)", Fraction(1), "m²·s⁻²·K⁻¹"),
        ("W/m²/K", Fraction(1), "kg·s⁻³·K⁻¹"),
        ("J/delta_degC", Fraction(1), "kg·m²·s⁻²·K⁻¹"),
    ],
)
def test_a_unit_has_its_defined_factor_and_dimension(
    text: str, factor: Fraction | None, dimension: str
) -> None:
    """Units with an exact definition have exactly that factor to coherent SI."""
    unit = parse_unit(text)
    assert unit.text == text
    assert str(unit.dimension) == dimension
    if factor is not None:
        assert unit.factor == factor


@pytest.mark.parametrize(
    "text", ["bohr", "km/s/Mpc", "psi", "hartree", "u", "mmHg", "MeV/c^2", "cal/mol/K", "µ_B"]
)
def test_factors_agree_with_pint(text: str) -> None:
    """Our own products and powers come out as pint's reading of the whole text."""
    quantity = UnitRegistry().Quantity(1, text).to_base_units()
    assert float(parse_unit(text).factor) == pytest.approx(quantity.magnitude, rel=1e-12)


ARCSECOND = math.pi / 180 / 3600
PARSEC = 149597870700 / ARCSECOND


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("km/s/Mpc", 1e-3 / PARSEC),
        ("pc", PARSEC),
        ("arcsec/century", ARCSECOND / 3155760000),
        ("arcsec/yr", ARCSECOND / 31557600),
        ("″/century", ARCSECOND / 3155760000),
        ("′", 60 * ARCSECOND),
        ("°", 3600 * ARCSECOND),
        ("mas", ARCSECOND / 1000),
        ("rpm", 2 * math.pi / 60),
        ("ħ", 6.62607015e-34 / (2 * math.pi)),
        ("hbar", 6.62607015e-34 / (2 * math.pi)),
        ("Oe", 1000 / (4 * math.pi)),
    ],
)
def test_a_factor_with_pi_in_it_is_good_to_fifteen_digits(text: str, factor: float) -> None:
    """Angles, the parsec, revolutions and ħ, by hand from what defines them."""
    assert float(parse_unit(text).factor) == pytest.approx(factor, rel=1e-15)


@pytest.mark.parametrize(("text", "constant"), [("u", "m_u"), ("Da", "m_u"), ("m_e", "m_e"), ("a_0", "a_0")])
def test_measured_units_are_those_of_the_constants(text: str, constant: str) -> None:
    """A unit that is a measured constant has the value that the built-in constants give to it."""
    constants = load_pack(Path(units.__file__).parent.parent / "rules" / "constants.yaml").constants
    value = next(found[0].value for name, found in constants.items() if name == constant)
    assert value.number is not None and value.uncertainty is not None
    assert abs(parse_unit(text).factor - value.number) < value.uncertainty.size


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("k", "write k_B, or * between a number and a constant"),
        ("R", "write * between a number and a constant"),
        ("ppt", "it is 1e-12 to some and 1e-3 to others: write 1e-12 or ‰"),
        ("ton", "write t for 1000 kg, else short_ton or long_ton"),
        ("mm Hg", "write mmHg"),
    ],
)
def test_a_name_that_is_too_easily_something_else_is_refused(text: str, hint: str) -> None:
    """k and R are constants and parameters more often than units; a ton and ppt mean two things."""
    with pytest.raises(TextError) as raised:
        parse_unit(text)
    assert raised.value.hint == hint


def test_a_division_holds_for_one_factor_only() -> None:
    """km/s/Mpc divides twice, and a space after a division is refused because readers differ on it."""
    assert str(parse_unit("m/s/kg").dimension) == "kg⁻¹·m·s⁻¹"
    with pytest.raises(TextError) as raised:
        parse_unit("W/m^2 K")
    assert raised.value.hint == "put the divisor in brackets, as in W/(m^2 K)"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Newton", "'newton'"),
        ("khz", "'kHz'"),
        ("newtn", "'newton'"),
        ("Mev", "'MeV' or 'meV'"),
        ("Kg", "'kg'"),
    ],
)
def test_a_misspelt_unit_gets_the_likely_one(text: str, meant: str) -> None:
    """Wrong capitals and slips of a letter lead to the unit that was meant."""
    with pytest.raises(TextError) as raised:
        parse_unit(text)
    assert raised.value.hint is not None
    assert raised.value.hint.startswith(f"did you mean {meant}")


@pytest.mark.parametrize("text", ["x", "qq", "flibbertigibbet"])
def test_nothing_is_suggested_where_nothing_is_close(text: str) -> None:
    """An unknown word far from every unit gets no guess."""
    with pytest.raises(TextError) as raised:
        parse_unit(text)
    assert raised.value.hint is None


def test_an_error_says_where_the_unknown_name_stands() -> None:
    """Offsets mark the one bad name, not the whole text."""
    with pytest.raises(TextError) as raised:
        parse_unit("kg*metr/s")
    assert (raised.value.start, raised.value.end) == (3, 7)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("degC", "write K, or delta_degC for its steps"),
        ("°C", "write K, or delta_degC for its steps"),
        ("℃", "write K, or delta_degC for its steps"),
        ("degF", "write K, or delta_degF for its steps"),
        ("J/degC", "write K, or delta_degC for its steps"),
        ("celsius", "write K, or delta_degC for its steps"),
        ("degRe", "write kelvin (K)"),
        ("dB", "write the plain ratio or the SI unit"),
    ],
)
def test_a_scale_with_its_own_zero_is_no_unit_to_multiply_with(text: str, hint: str) -> None:
    """20 °C is not twenty times anything; the hint names kelvin and the unit of the scale's steps."""
    with pytest.raises(TextError) as raised:
        parse_unit(text)
    assert raised.value.hint == hint


@pytest.mark.parametrize("text", ["(°C)", "°C^2", "1/°C", "°C*m", "W/(m^2 °C)", "degRe"])
def test_a_temperature_scale_stands_alone_behind_a_value(text: str) -> None:
    """In any product or power, and where it is none that people use, a scale is refused for values too."""
    with pytest.raises(TextError, match="does not start at zero"):
        parse_scale(text)


@pytest.mark.parametrize(
    ("text", "factor", "zero"),
    [
        ("°C", Fraction(1), Fraction("273.15")),
        ("degC", Fraction(1), Fraction("273.15")),
        ("℃", Fraction(1), Fraction("273.15")),
        ("°F", Fraction(5, 9), Fraction("459.67") * 5 / 9),
        ("K", Fraction(1), Fraction(0)),
        ("Δ°C", Fraction(1), Fraction(0)),
        ("delta_degF", Fraction(5, 9), Fraction(0)),
    ],
)
def test_a_temperature_scale_has_its_defined_zero(text: str, factor: Fraction, zero: Fraction) -> None:
    """0 °C is 273.15 K, 0 °F is 459.67·5/9 K, and a step of either has no zero of its own."""
    unit = parse_scale(text)
    assert (unit.factor, unit.zero, str(unit.dimension)) == (factor, zero, "K")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "nan",
        "inf",
        "2 m",
        "m 2",
        "10^3 m",
        "dB",
        "pixel",
        "m/",
        "/s",
        "m^",
        "m^²",
        "m⁻",
        "(m",
        "m)",
        "m^(1/0)",
        "m+s",
        "m.s",
        "__import__",
        "9**9**9**9",
        "m**999999999",
        "m^21",
        "Ym^20",
        "((m^20)^20)",
        "(Ym^12)^(3/2)",
        "(" * 100_000,
        "(" * 99 + "m",
        "m" * 101,
        "m\x00",
        "__import__('os').system('true')",
    ],
)
def test_what_is_no_unit_is_a_clear_error(text: str) -> None:
    """Numbers, broken and explosive texts all end in a TextError, never in another exception."""
    with pytest.raises(TextError):
        parse_unit(text)


@pytest.mark.parametrize(("text", "limit"), [("rad^21", "at most 20"), ("m" * 101, "at most 100 characters")])
def test_a_limit_is_named(text: str, limit: str) -> None:
    """Who goes beyond a limit is told which."""
    with pytest.raises(TextError, match=limit):
        parse_unit(text)


@given(st.text(max_size=30))
def test_any_text_is_a_unit_or_a_text_error(text: str) -> None:
    """No text whatever makes the reader fail in another way."""
    try:
        unit = parse_unit(text)
    except TextError:
        return
    assert unit.factor > 0


exponents = st.fractions(min_value=-6, max_value=6, max_denominator=3)


@given(st.tuples(*[exponents] * 7))
def test_coherent_text_reads_back_with_factor_one(powers: tuple[Fraction, ...]) -> None:
    """Every dimension has a text in base units that means that dimension and the factor 1."""
    unit = parse_unit(coherent(Dimension(powers)))
    assert unit.dimension == Dimension(powers)
    assert unit.factor == 1


def test_coherent_text_is_what_people_write() -> None:
    """Energy prints as kg*m^2/s^2, several divisors stand in brackets, nothing at all is 1."""
    assert coherent(parse_unit("J").dimension) == "kg*m^2/s^2"
    assert coherent(parse_unit("m^3/(kg s^2)").dimension) == "m^3/(kg*s^2)"
    assert coherent(parse_unit("Hz").dimension) == "1/s"
    assert coherent(DIMENSIONLESS) == "1"


def test_a_warm_process_does_without_pint(tmp_path: Path) -> None:
    """The first process imports pint, the next one reads the same unit from disk without it."""
    code = (
        "import sys; from checker.units import parse_unit; u = parse_unit('MeV/c^2');"
        "print('pint' in sys.modules, u.factor)"
    )
    cold, cold_factor = run(code, tmp_path).split()
    warm, warm_factor = run(code, tmp_path).split()
    assert (cold, warm) == ("True", "False")
    assert cold_factor == warm_factor


def test_refused_names_are_not_kept(cache_file: Path) -> None:
    """Only units that were accepted go to the disk."""
    parse_unit("pm")
    for text in ("flurb", "dB", "ton"):
        with pytest.raises(TextError):
            parse_unit(text)
    assert set(json.loads(cache_file.read_text(encoding="utf-8"))) == {"pm"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"pm": null}',
        b'{"pm": ["1/0", "0", "1", "0", "0", "0", "0", "0", "0"]}',
        b'{"pm": ["-1", "0", "1", "0", "0", "0", "0", "0", "0"]}',
        b'{"pm": ["1e999999999", "0", "1", "0", "0", "0", "0", "0", "0"]}',
        b'{"pm": ["1", "1"]}',
        b'{"pm": ["1", 0, 1, 0, 0, 0, 0, 0, 0]}',
        b'{"pm": ["1", "0", "99", "0", "0", "0", "0", "0", "0"]}',
        b'{"pm": ["1", "5", "1", "0", "0", "0", "0", "0", "0"]}',
        b'{"pm": ["1", "1", "0", "0", "0", "0", "0", "0"]}',
        b" " * 2_000_000,
    ],
)
def test_a_spoilt_cache_is_ignored(cache_file: Path, content: bytes) -> None:
    """Whatever stands in the cache file, a picometre stays 10⁻¹² m, and the file is made good again."""
    cache_file.parent.mkdir()
    cache_file.write_bytes(content)
    assert parse_unit("pm").factor == Fraction(1, 10**12)
    assert json.loads(cache_file.read_bytes())["pm"][0] == "1/1000000000000"


def test_a_temperature_scale_is_kept_with_its_zero(cache_file: Path) -> None:
    """What a later run reads from the disk is the scale that was looked up."""
    looked_up = parse_scale("°F")
    assert json.loads(cache_file.read_bytes())["°F"][:2] == ["5/9", "45967/180"]
    forget()
    assert parse_scale("°F") == looked_up


def test_other_definitions_have_another_cache_file(cache_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Units kept by a version that read a name otherwise are not taken for ours."""
    monkeypatch.setattr(units, "_DEFINITIONS", (*units._DEFINITIONS, "smoot = 1.7018 meter"))
    assert units._cache_path() != cache_file


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file where the cache folder should be leaves units readable and no litter behind."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    forget()
    assert parse_unit("pm").factor == Fraction(1, 10**12)
    assert list(tmp_path.iterdir()) == [blocked]
    forget()


def test_writing_leaves_one_file(cache_file: Path) -> None:
    """The file is replaced as a whole: no temporary file stays behind."""
    parse_unit("pm")
    parse_unit("km")
    assert list(cache_file.parent.iterdir()) == [cache_file]


def test_a_unit_is_a_value_of_its_own() -> None:
    """Two readings of one text are equal records."""
    assert parse_unit("km") == Unit("km", Fraction(1000), parse_unit("m").dimension)
