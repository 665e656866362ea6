"""The tables of recommended values that scipy carries → each edition's numbers, digit by digit as printed.

Values are P. J. Mohr, D. B. Newell, B. N. Taylor and E. Tiesinga's, the CODATA task group's, of 2006 to 2022.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from scipy.constants import _codata

EDITIONS = (2006, 2010, 2014, 2018, 2022)
_NAME_ENDS = {2006: 55, 2010: 55, 2014: 55, 2018: 60, 2022: 60}

_GROUPED = r"-?[0-9](?: ?[0-9])*(?:\.[0-9](?: ?[0-9])*)?"
_LINE = re.compile(
    rf"\s*(?P<digits>{_GROUPED})(?P<dots>\.\.\.)?(?: ?(?P<power>e-?[0-9]+))?\s+"
    rf"(?:\(exact\)|(?P<doubt>{_GROUPED})(?: ?e-?[0-9]+)?)(?:\s+(?P<unit>\S.*))?\s*"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A printed value. `digits` are without power of ten, `power` is such as `e-34` or empty, `doubt` the one
    standard uncertainty in units of the last digit, None where it is exact; then `truncated` tells whether
    digits are left off."""

    digits: str
    power: str
    doubt: int | None
    unit: str
    truncated: bool

    @property
    def exact(self) -> bool:
        return self.doubt is None and not self.truncated

    @property
    def concise(self) -> str:
        """As CODATA writes it in one line: `6.67430(15)e-11 m^3 kg^-1 s^-2`."""
        doubt = "" if self.doubt is None else f"({self.doubt})"
        return f"{self.digits}{doubt}{self.power} {self.unit}".strip()

    @property
    def last_place(self) -> str:
        """One unit in the last digit, with its unit."""
        decimals = len(self.digits.partition(".")[2])
        return f"1e{int(self.power[1:] or 0) - decimals} {self.unit}".strip()


@cache
def table(edition: int) -> dict[str, Entry]:
    """What an edition prints under each name."""
    lines = getattr(_codata, f"txt{edition}").split("\n")
    end = _NAME_ENDS[edition]
    return {line[:end].rstrip(): _entry(line[end:]) for line in lines}


def _entry(text: str) -> Entry:
    match = _LINE.fullmatch(text)
    assert match is not None, text
    digits = match["digits"].replace(" ", "")
    doubt = None
    if match["doubt"] is not None:
        stated = match["doubt"].replace(" ", "")
        assert len(stated.partition(".")[2]) == len(digits.partition(".")[2]), text
        doubt = int(stated.replace(".", ""))
    unit = (match["unit"] or "").rstrip().replace("Hz^-1", "s")  # a joule per hertz is a joule second
    return Entry(digits, match["power"] or "", doubt, unit, match["dots"] is not None)
