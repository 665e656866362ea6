"""The two file formats as data: every key, the form of what stands under it, and what it means.

The loader takes its keys and its choices from here, and `schema` the JSON Schemas for editors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from checker.model import SIGNS, STATUSES


class Scalar(NamedTuple):
    """A text or a number; one of `choices` where there are any."""

    choices: tuple[str, ...] = ()


class Listed(NamedTuple):
    """A list of things of one form."""

    item: Form


class Named(NamedTuple):
    """A mapping with keys of the writer's choosing."""

    value: Form


class Either(NamedTuple):
    """Any of several forms."""

    forms: tuple[Form, ...]


class Again(NamedTuple):
    """The mapping of this name, inside itself."""

    name: str


class Key(NamedTuple):
    """What stands under a key, and what it means."""

    form: Form
    about: str


class Keyed(NamedTuple):
    """A mapping whose keys the format names: all of `needed`, exactly one of `one_of`, some of `any_of`.
    Keys of the writer's choosing may stand beside them where `others` has a form for them.

    Who reads such a mapping tells in its own words where `one_of` and `any_of` are not met.
    """

    name: str
    keys: Mapping[str, Key]
    needed: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    others: Form | None = None


Form = Scalar | Listed | Named | Either | Again | Keyed

TEXT = Scalar()
TEXTS = Listed(TEXT)
ONE_OR_SEVERAL = Either((TEXT, TEXTS))

STATUS = Scalar(STATUSES)
SIGN = Scalar(SIGNS)
AGREEMENT = Scalar(("uncertainty", "rounding"))
VERDICT = Scalar(("contradiction", "no contradiction", "undetermined"))
YES_OR_NO = Scalar(("true", "false"))

# ---------------------------------------------------------------- values

_SOURCE = Key(TEXT, "Where it is from: a publication, an instrument, a person.")
_SYMBOL = Key(TEXT, "A short name to write in equations: E, Φ, v_rms.")
_STATUS = Key(STATUS, "How entrenched it is; definitions and laws are held, the rest may be given up.")

_DOUBT = {
    "value": Key(TEXT, "A number with a unit (31 pm, 0.8775(51) fm, 3 to 4 s) or an expression (h/(2*e))."),
    "uncertainty": Key(ONE_OR_SEVERAL, "A standard deviation: an amount or a percentage; or a list of them."),
    "within": Key(TEXT, "A bound on how far off it may be, as an amount or a percentage."),
    "exact": Key(YES_OR_NO, "true takes all doubt away, rounding included."),
}  # fmt: skip

GIVEN = Keyed(
    "given",
    {
        **_DOUBT,
        "status": _STATUS,
        "source": _SOURCE,
        "name": Key(TEXT, "Tells it from other values for the same quantity."),
    },
    needed=("value",),
)
ONE_VALUE = Either((TEXT, GIVEN))
VALUES = Either((TEXT, GIVEN, Listed(ONE_VALUE)))

# ---------------------------------------------------------------- rule packs

QUANTITY = Keyed(
    "quantity",
    {
        "symbol": _SYMBOL,
        "unit": Key(TEXT, "A unit of its dimension, such as m/s; 1: a pure number; none: what is forced."),
        "sign": Key(SIGN, "Which values it may have: positive (> 0) unless this says otherwise."),
        "description": Key(TEXT, "What it is, in a few words."),
    },
)

CONSTANT = Keyed("constant", {**_DOUBT, "symbol": _SYMBOL, "source": _SOURCE}, needed=("value",))

KIND = Keyed(
    "kind",
    {"is": Key(TEXT, "The kind that this one is a sort of; what holds of that one holds of this one.")},
    others=ONE_VALUE,
)

ROLE = Keyed(
    "role",
    {
        "is": Key(TEXT, "The kind of part that fits."),
        "part": Key(TEXT, "The name of the part that fits."),
        "count": Key(TEXT, "How many alike the part stands for."),
    },
    any_of=("is", "part"),
)

QUANTUM = Keyed(
    "quantum",
    {
        "of": Key(TEXT, "What is quantized."),
        "is": Key(TEXT, "The quantum."),
        "number": Key(TEXT, "How many quanta: 1 unless said otherwise, whole, half-whole or an expression."),
    },
    needed=("of", "is"),
)

_CASE = Keyed(
    "case",
    {"parts": Key(Listed(Named(TEXT)), "The values of each part, where the relation runs over parts.")},
    others=TEXT,
)

EXAMPLE = Keyed(
    "example",
    {
        "holds": Key(_CASE, "Values, by the names of the relation, for which the rule holds."),
        "fails": Key(_CASE, "Values, by the names of the relation, for which it does not."),
    },
    one_of=("holds", "fails"),
)

RULE = Keyed(
    "rule",
    {
        "claim": Key(TEXT, "What it says, in one sentence."),
        "applies_to": Key(TEXT, "The kind of thing that it speaks about, with all sorts of it."),
        "when": Key(Named(TEXT), "Attributes that a thing must have for the rule to apply."),
        "roles": Key(Named(Either((TEXT, ROLE))), "Names for the parts that it speaks of, each by its kind."),
        "equation": Key(ONE_OR_SEVERAL, "An equation or inequality (= < <= > >=) of quantities; or a list."),
        "additive": Key(TEXT, "The quantity that a system has as the sum over its parts."),
        "quantum": Key(QUANTUM, "What comes in quanta."),
        "attribute": Key(Named(TEXT), "What stated attributes must be."),
        "within": Key(TEXT, "How good the relation itself is, such as 10 %."),
        "validity": Key(ONE_OR_SEVERAL, "Where it holds: an inequality such as speed < 0.1*c, or a list."),
        "status": _STATUS,
        "source": Key(TEXT, "Where it is from: a textbook with its section, a paper with its equation."),
        "examples": Key(Listed(EXAMPLE), "Cases that hold and cases that fail, run by `check test`."),
        "note": Key(TEXT, "Anything else that a reader should know."),
    },
    needed=("claim", "applies_to", "status"),
    one_of=("equation", "additive", "quantum", "attribute"),
)  # fmt: skip

_DECLARED = {
    "quantities": Key(Named(QUANTITY), "The quantities that rules and scenarios speak of, by name."),
    "constants": Key(Named(Either((TEXT, CONSTANT))), "Values shared by all, by name."),
    "attributes": Key(Named(TEXTS), "Properties in words, each with the values that it may have."),
    "kinds": Key(Named(KIND), "What things there are, each with the values that all of its kind have."),
    "rules": Key(Named(RULE), "What holds in general, by id."),
}
DECLARATIONS = tuple(_DECLARED)

_USE = Key(TEXTS, "Packs to build on: built-in ones by name, others by their path from this file.")
_OF_PACKS = {
    "replaces": Key(TEXT, "The pack that this one stands in for."),
    "agreement": Key(AGREEMENT, "How far its numbers agree: to their uncertainty, or to their last digit."),
    **_DECLARED,
}  # fmt: skip

PACK = Keyed("pack", {"use": _USE, **_OF_PACKS})

# ---------------------------------------------------------------- scenarios

ENTITY = Keyed(
    "entity",
    {
        "is": Key(TEXT, "Its kind."),
        "count": Key(TEXT, "How many alike it stands for: a whole number, or a parameter."),
        "parts": Key(Named(Again("entity")), "What it consists of, by name."),
    },
    needed=("is",),
    others=VALUES,
)

PARAMETER = Keyed(
    "parameter",
    {"values": Key(TEXTS, "Each makes a case of its own.")},
    needed=("values",),
)

EXPECTED = Keyed(
    "expected",
    {
        "disputed": Key(TEXTS, "The premises that cannot hold together."),
        "ratio": Key(TEXT, "By what factor a quantity comes out two ways."),
        "sigma": Key(TEXT, "How many standard deviations apart."),
    },
    needed=("disputed",),
)

IGNORED = Keyed(
    "ignored",
    {
        "contradiction": Key(TEXTS, "Its disputed claims, or all of its claims where all are held."),
        "tension": Key(TEXTS, "The same of a tension; a contradiction of these claims is not accepted."),
        "reason": Key(TEXT, "Why one lives with it."),
    },
    needed=("reason",),
    one_of=("contradiction", "tension"),
)

EXPECT = Keyed(
    "expect",
    {
        "verdict": Key(VERDICT, "What the check must find."),
        "contradictions": Key(Listed(EXPECTED), "Exactly these contradictions."),
        "tensions": Key(Listed(EXPECTED), "Exactly these tensions."),
        "ways_out": Key(Listed(TEXTS), "Exactly these sets of premises to give up."),
    },
    needed=("verdict",),
)

SCENARIO = Keyed(
    "scenario",
    {
        "scenario": Key(TEXT, "Its title."),
        "source": _SOURCE,
        "use": _USE,
        "assume": Key(TEXTS, "The postulates and hypotheses of the packs that are on trial."),
        "systems": Key(Named(ENTITY), "The things that it speaks about, by name."),
        "given": Key(Named(VALUES), "What is claimed of them: a value for thing.quantity."),
        "parameters": Key(Named(PARAMETER), "Numbers that take several values; each makes a case."),
        "hold": Key(TEXTS, "Statuses and premises that may not be given up, in place of definition and law."),
        "except": Key(Named(Named(TEXT)), "Rules that are withheld from a thing, and why."),
        "proposals": Key(Named(TEXTS), "Ways out to be tried: premises to give up."),
        "ignore": Key(Listed(IGNORED), "Contradictions that are known and accepted, each with the reason."),
        "expect": Key(Either((VERDICT, EXPECT)), "What the check must find, compared by `check test`."),
        **_OF_PACKS,
    },
    any_of=("scenario",),
)
