"""Units are read exactly, dangerous texts are refused, and what was looked up once is not looked up again."""

import json
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
from checker.units import Unit, coherent, parse_unit


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
    parse_unit.cache_clear()
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
    "text", ["bohr", "km/s/Mpc", "psi", "hartree", "u", "mmHg", "MeV/c^2", "cal/mol/K", "G"]
)
def test_factors_agree_with_pint(text: str) -> None:
    """Our own products and powers come out as pint's reading of the whole text."""
    quantity = UnitRegistry().Quantity(1, text).to_base_units()
    assert float(parse_unit(text).factor) == pytest.approx(quantity.magnitude, rel=1e-12)


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


@pytest.mark.parametrize("text", ["degC", "°C", "degF", "J/degC", "celsius"])
def test_a_temperature_scale_with_its_own_zero_is_refused(text: str) -> None:
    """20 °C is not twenty times anything; the hint says kelvin."""
    with pytest.raises(TextError) as raised:
        parse_unit(text)
    assert raised.value.hint == "write kelvin (K)"


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
    for text in ("flurb", "degC"):
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
        b'{"pm": ["1/0", "1", "0", "0", "0", "0", "0", "0"]}',
        b'{"pm": ["-1", "1", "0", "0", "0", "0", "0", "0"]}',
        b'{"pm": ["1e999999999", "1", "0", "0", "0", "0", "0", "0"]}',
        b'{"pm": ["1", "1"]}',
        b'{"pm": ["1", 1, 0, 0, 0, 0, 0, 0]}',
        b'{"pm": ["1", "99", "0", "0", "0", "0", "0", "0"]}',
        b" " * 2_000_000,
    ],
)
def test_a_spoilt_cache_is_ignored(cache_file: Path, content: bytes) -> None:
    """Whatever stands in the cache file, a picometre stays 10⁻¹² m, and the file is made good again."""
    cache_file.parent.mkdir()
    cache_file.write_bytes(content)
    assert parse_unit("pm").factor == Fraction(1, 10**12)
    assert json.loads(cache_file.read_bytes())["pm"][0] == "1/1000000000000"


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
