"""Packs and scenarios → what is odd about them, although no check stumbles over it.

Only what is certain from the files at hand is told. Whether something is used depends on all of them: of a
pack that no scenario here uses, nobody can say which of its rules apply to nothing. What is meant to be as it
is stays with a comment on its line, or the one above it, that says why: `# lint: never-applies, for later`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, islice, product
from pathlib import Path

from checker.errors import InputError, Location
from checker.expression import Expression, names, normal
from checker.ground import ON_TRIAL, entities, ground, kind_chain
from checker.model import (
    Attribute,
    AttributeRelation,
    Constant,
    Entity,
    Given,
    Kind,
    Quantity,
    QuantumRelation,
    Rule,
    Scenario,
    Vocabulary,
)
from checker.rules import kinds_of, relations, sorts_of, speaks_of
from checker.sameness import Said, said
from checker.value import Value

MAX_ALIKE = 20
"""So many names that share a key are compared with each other."""
MAX_LENGTH = 60
SHORTEST, LONG = 4, 6
"""Names with fewer letters are symbols, and as close as they like; with fewer than LONG, a letter counts."""
MAX_CASES = 100
_DEPEND_ON_OTHERS = {"never-applies", "unused"}
"""Findings that may be there only where other files are looked at, too."""
_KEPT = re.compile(r"#\s*lint:\s*(?P<code>[a-z-]+)\s*[,:;—–-]?\s*(?P<reason>.*)")
_OF_WHOLES_OR_PARTS = frozenset(
    {"each", "every", "part", "whole", "together", "total", "both", "all", "system", "member"}
)


_Declared = Quantity | Constant | Kind | Attribute


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd, and what would mend it."""

    code: str
    message: str
    location: Location
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A pack or a scenario that has been loaded; `scenario` is None for a pack. `ours` is False for a pack of
    a library, of which nobody expects that all of it is used."""

    path: str
    vocabulary: Vocabulary
    scenario: Scenario | None
    ours: bool


def lint(files: Sequence[File]) -> list[Finding]:
    """All findings in these files that no comment keeps, by file and line."""
    judged = [_Judged(file) for file in files]
    used = _Used()
    for one in judged:
        used.add(one)
    found = {
        finding: None for one in judged for finding in (*_of_rules(one), *_of_names(one), *_of_use(one, used))
    }
    left = _without(found, [comment for one in files for comment in _comments(one.path)])
    order = {file.path: number for number, file in enumerate(files)}
    return sorted(left, key=lambda one: (order[one.location.path], one.location, one.code))


class _Judged:
    """A file with what is its own in it, and what its rules say."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.vocabulary = file.vocabulary
        self.rules = [rule for rule in file.vocabulary.rules.values() if self.is_own(rule)]
        self.quantities = [
            one for found in self.vocabulary.quantities.values() for one in found if self.is_own(one)
        ]
        self.constants = [
            one for found in self.vocabulary.constants.values() for one in found if self.is_own(one)
        ]
        self.kinds = list(filter(self.is_own, self.vocabulary.kinds.values()))
        self.attributes = list(filter(self.is_own, self.vocabulary.attributes.values()))
        self.case = dict[str, Value]()
        self.entities: list[Entity] = []
        self.given: list[tuple[str, Given]] = [
            (name, given) for kind in self.kinds for name, given in kind.defaults.items()
        ]
        if file.scenario is not None:
            self.case = {name: values[0] for name, values in file.scenario.parameters.items()}
            self.entities = list(entities(file.scenario.systems))
            self.given += [
                (name, given)
                for entity in self.entities
                for name, several in entity.quantities.items()
                for given in several
            ]
            self.given += [(path.quantity, given) for path in file.scenario.given for given in path.values]
        self._said: dict[str, Said] = {}

    def is_own(self, thing: _Declared | Rule) -> bool:
        return thing.location.path == self.file.path

    @property
    def valued(self) -> list[Quantity]:
        """The quantities that the file states values for."""
        return [one for name in dict.fromkeys(name for name, _ in self.given) for one in self._meant(name)]

    def _meant(self, name: str) -> Iterator[Quantity]:
        yield from self.vocabulary.quantities.get(name, ())
        yield from self.vocabulary.quantity_symbols.get(name, ())

    @property
    def expressions(self) -> Iterator[Expression]:
        """All that the file writes with names in it."""
        for rule in self.rules:
            yield from relations(rule)
            for example in rule.examples:
                for values in (example.values, *example.parts):
                    yield from (value.expression for value in values.values() if value.expression)
        stated = [given.value for _, given in self.given] + [one.value for one in self.constants]
        yield from (value.expression for value in stated if value.expression)

    def said(self, rule: Rule) -> Said:
        if rule.id not in self._said:
            self._said[rule.id] = said(rule, self.vocabulary, self.case)
        return self._said[rule.id]


# ---------------------------------------------------------------- rules by themselves, and beside each other


def _of_rules(one: _Judged) -> Iterator[Finding]:
    for rule in one.rules:
        if one.said(rule).cannot_fail:
            message = f"rule '{rule.id}' is true whatever values its quantities have"
            yield Finding("never-fails", message, rule.location, "it claims nothing; mend the equation")
        if one.file.scenario is None:
            yield from _of_a_pack_alone(rule)
    for group in _grouped(one.vocabulary.rules.values(), lambda rule: one.said(rule).forms):
        for rule, other in _own_pairs(group, one):
            yield from _beside(rule, other, one)
    rules = one.vocabulary.rules.values()
    quantizing = [rule for rule in rules if isinstance(rule.relation, QuantumRelation)]
    for group in _grouped(quantizing, lambda rule: getattr(rule.relation, "of", None)):
        for rule, other in _own_pairs(group, one):
            if one.said(rule).forms != one.said(other).forms:
                yield from _part_or_whole(rule, other, one, "speaks of the same quanta as")


def _grouped(rules: Iterable[Rule], key: Callable[[Rule], Hashable]) -> Iterable[list[Rule]]:
    groups: dict[Hashable, list[Rule]] = {}
    for rule in rules:
        groups.setdefault(key(rule), []).append(rule)
    return groups.values()


def _own_pairs(rules: Sequence[Rule], one: _Judged) -> Iterator[tuple[Rule, Rule]]:
    """Pairs of a rule of the file and another, each once; of very many rules, those among the first."""
    for first, second in combinations(rules[:MAX_ALIKE], 2):
        if one.is_own(second):
            yield second, first
        elif one.is_own(first):
            yield first, second


def _of_a_pack_alone(rule: Rule) -> Iterator[Finding]:
    if not rule.source:
        hint = "name a textbook with its section, or a paper with its equation"
        yield Finding("no-source", f"rule '{rule.id}' has no source", rule.location, hint)
    outcomes = {example.holds for example in rule.examples}
    missing = [word for word, holds in (("holds", True), ("fails", False)) if holds not in outcomes]
    if missing and not isinstance(rule.relation, AttributeRelation):
        message = f"rule '{rule.id}' has no example that {' and none that '.join(missing)}"
        yield Finding("no-example", message, rule.location, f"write - {missing[0]}: {{…}} under examples")


def _beside(rule: Rule, other: Rule, one: _Judged) -> Iterator[Finding]:
    """What there is to say of two rules that say the same."""
    wider, narrower = rule, other
    if rule.applies_to not in kind_chain(one.vocabulary, other.applies_to):
        wider, narrower = other, rule
    if wider.applies_to not in kind_chain(one.vocabulary, narrower.applies_to):
        yield from _part_or_whole(rule, other, one, "says the same as")
    elif _scope(rule) == _scope(other):
        message = f"rule '{rule.id}' says the same as '{other.id}' at {other.location}"
        yield Finding("same-rule", message, rule.location, "leave one of them out")
    elif wider.when.items() <= narrower.when.items() and _holds_as_far(wider, narrower):
        message = (
            f"rule '{narrower.id}' says of '{narrower.applies_to}' what '{wider.id}' at {wider.location} "
            f"says of every '{wider.applies_to}'"
        )
        yield Finding("implied-rule", message, rule.location, "leave it out")


def _part_or_whole(rule: Rule, other: Rule, one: _Judged, how: str) -> Iterator[Finding]:
    """Whether one rule is about parts of what the other is about, and their claims leave that open."""
    if not (_contains(rule, other, one) or _contains(other, rule, one)):
        return
    if not any(_says_which(claim, rule, other) for claim in (rule.claim, other.claim)):
        message = (
            f"rule '{rule.id}' (of '{rule.applies_to}') {how} '{other.id}' (of '{other.applies_to}') at "
            f"{other.location}, and no claim says of which"
        )
        yield Finding("part-or-whole", message, rule.location, "let each claim say what it is about")


def _scope(rule: Rule) -> object:
    return rule.applies_to, rule.when, _parts(rule), {one.text for one in rule.validity}, rule.within


def _parts(rule: Rule) -> Counter[tuple[str | None, str | None, int | None]]:
    """What parts a thing must have for the rule to apply, whatever it calls them."""
    return Counter((role.kind, role.part, role.count) for role in rule.roles)


def _holds_as_far(wider: Rule, narrower: Rule) -> bool:
    """Whether one rule is at least as good as another, and in all places where that one holds."""
    limits = {one.text for one in wider.validity} <= {one.text for one in narrower.validity}
    parts = _parts(wider) <= _parts(narrower)
    return limits and parts and (wider.within or 0) <= (narrower.within or 0)


def _contains(whole: Rule, part: Rule, one: _Judged) -> bool:
    """Whether things of one rule's kind have parts of the other's, by a rule's roles or in the scenario."""
    wholes, parts = (
        {rule.applies_to, *sorts_of(rule.applies_to, one.vocabulary.kinds)} for rule in (whole, part)
    )
    return any(
        rule.applies_to in wholes and any(role.kind in parts for role in rule.roles)
        for rule in one.vocabulary.rules.values()
    ) or any(
        entity.kind in wholes and any(inner.kind in parts for inner in entities(entity.parts))
        for entity in one.entities
    )


def _says_which(claim: str, rule: Rule, other: Rule) -> bool:
    """Whether a claim names one of the rules' kinds, or says whether it is about parts or wholes."""
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", claim)}
    kinds = {word for each in (rule, other) for word in re.split(r"[-_']", each.applies_to.casefold())}
    return any(_alike(word, one) for word in words for one in kinds | _OF_WHOLES_OR_PARTS)


def _alike(word: str, other: str) -> bool:
    """Whether two words are one but for their endings: charge and charged, particle and particles."""
    shorter, longer = sorted((word, other), key=len)
    return longer.startswith(shorter) and len(longer) - len(shorter) <= 2 and len(shorter) > 2


# ---------------------------------------------------------------- names


def _of_names(one: _Judged) -> Iterator[Finding]:
    vocabulary = one.vocabulary
    visible: dict[str, tuple[Sequence[_Declared], Sequence[_Declared]]] = {
        "quantity": (one.quantities, [each for found in vocabulary.quantities.values() for each in found]),
        "kind": (one.kinds, list(vocabulary.kinds.values())),
        "attribute": (one.attributes, list(vocabulary.attributes.values())),
        "constant": (one.constants, [each for found in vocabulary.constants.values() for each in found]),
    }
    for what, (own, every) in visible.items():
        for first, second in _close(own, every):
            message = f"{what} '{first.name}' is named almost like '{second.name}' at {second.location}"
            yield Finding("close-names", message, first.location, "use one of them, or names further apart")
    for quantity in one.quantities:
        symbol = normal(quantity.symbol or "")
        named = (*vocabulary.quantity_symbols.get(symbol, ()), *vocabulary.quantities.get(symbol, ()))
        for other in named:
            told = normal(other.symbol or "") == symbol and one.is_own(other)
            if other.name != quantity.name and not (told and quantity.location < other.location):
                message = f"'{quantity.symbol}' is {quantity.name} and {other.name} at {other.location}"
                hint = "in equations both need their names; choose another symbol"
                yield Finding("same-symbol", message, quantity.location, hint)


def _close(own: Sequence[_Declared], every: Sequence[_Declared]) -> Iterator[tuple[_Declared, _Declared]]:
    """Pairs of an own name and another one that it will be taken for."""
    mine = {one.location for one in own}
    buckets: dict[str, list[_Declared]] = {}
    for one in every:
        for key in _keys(one.name):
            buckets.setdefault(key, []).append(one)
    told: set[frozenset[str]] = set()
    for bucket in buckets.values():
        for first, second in combinations(bucket[:MAX_ALIKE], 2):
            later, earlier = (second, first) if second.location in mine else (first, second)
            pair = frozenset((first.name, second.name))
            if later.location in mine and pair not in told and _differ_little(first.name, second.name):
                told.add(pair)
                yield later, earlier


def _squeezed(name: str) -> str:
    return re.sub(r"[-_']", "", name.casefold())


def _keys(name: str) -> set[str]:
    """Two names that differ little have one of these in common."""
    plain = _squeezed(name)
    keys = {plain, plain.removesuffix("s"), plain.removesuffix("es")}
    if len(plain) >= LONG:
        keys |= {plain[:i] + plain[i + 1 :] for i in range(min(len(plain), MAX_LENGTH))}
    return keys


def _differ_little(one: str, other: str) -> bool:
    """Whether one is the other with marks, an ending or a letter more, or with two letters swapped. A letter
    in place of another tells words apart: height and weight, proton and photon."""
    shorter, longer = sorted(map(_squeezed, (one, other)), key=len)
    if one == other or len(shorter) < SHORTEST:
        return False
    if shorter == longer or longer in (f"{shorter}s", f"{shorter}es"):
        return True
    if len(longer) - len(shorter) > 1 or len(shorter) < LONG:
        return False
    pairs = enumerate(zip(shorter, longer, strict=False))
    same = next((i for i, (a, b) in pairs if a != b), len(shorter))
    left, right = shorter[same:], longer[same:]
    if len(left) < len(right):
        return left == right[1:] and right[0].isalpha()
    return left[1::-1] == right[:2] and left[2:] == right[2:] and right[:2].isalpha()


# ---------------------------------------------------------------- what is used


def _place(location: Location) -> tuple[str, int, int]:
    """A place, whichever way the path of its file is written."""
    return Path(location.path).name, location.line, location.column


@dataclass(slots=True)
class _Used:
    """What the files at hand use, by its place, and which rules apply, of those that a scenario could use."""

    places: set[tuple[str, int, int]] = field(default_factory=set)
    usable: set[tuple[str, int, int]] = field(default_factory=set)
    applied: set[tuple[str, int, int]] = field(default_factory=set)

    def add(self, one: _Judged) -> None:
        vocabulary = one.vocabulary
        used: list[_Declared] = [q for rule in one.rules for q in speaks_of(rule, vocabulary)]
        used += one.valued
        words = {normal(name.parts[-1]) for each in one.expressions for name in names(each)}
        for table in (vocabulary.constants, vocabulary.constant_symbols):
            used += [each for word in words for each in table.get(word, ())]
        spoken_of = {kind for rule in vocabulary.rules.values() for kind in kinds_of(rule)}
        spoken_of |= {entity.kind for entity in one.entities}
        related = spoken_of.union(*(sorts_of(kind, vocabulary.kinds) for kind in spoken_of))
        related |= {above for kind in related for above in kind_chain(vocabulary, kind)}
        used += [vocabulary.kinds[kind] for kind in related]
        asked = {name for rule in vocabulary.rules.values() for name in _attributes_of(rule)}
        used += [vocabulary.attributes[name] for name in asked]
        self.places |= {_place(each.location) for each in used}
        if one.file.scenario is not None:
            self.usable |= {_place(rule.location) for rule in vocabulary.rules.values()}
            self.applied |= {_place(vocabulary.rules[id_].location) for id_ in _applied(one.file.scenario)}


def _of_use(one: _Judged, used: _Used) -> Iterator[Finding]:
    if not one.file.ours:
        return
    for rule in one.rules:
        if _place(rule.location) in used.usable - used.applied:
            message = f"rule '{rule.id}' fits nothing in any scenario here"
            hint = f"is anything of kind '{rule.applies_to}', with what 'when' and 'roles' ask for?"
            yield Finding("never-applies", message, rule.location, hint)
    if one.file.scenario is not None or not one.rules:
        return  # what a scenario does not use, its check tells; what has no rules is for others to use
    declared: dict[str, Sequence[_Declared]] = {
        "quantity": one.quantities,
        "constant": one.constants,
        "kind": one.kinds,
        "attribute": one.attributes,
    }
    for what, own in declared.items():
        for each in own:
            if _place(each.location) not in used.places:
                message = f"{what} '{each.name}' is declared, and nothing here uses it"
                yield Finding("unused", message, each.location, "leave it out")


def _attributes_of(rule: Rule) -> Iterator[str]:
    yield from rule.when
    if isinstance(rule.relation, AttributeRelation):
        yield from rule.relation.required


def _applied(scenario: Scenario) -> set[str]:
    """The rules that fit something in a scenario, on trial or not, withheld or not, in any case of it."""
    on_trial = tuple(rule.id for rule in scenario.vocabulary.rules.values() if rule.status in ON_TRIAL)
    everything = replace(scenario, assume=on_trial)
    found: set[str] = set()
    for values in islice(product(*scenario.parameters.values()), MAX_CASES):
        try:
            grounded = ground(everything, dict(zip(scenario.parameters, values, strict=True)))
        except InputError:  # its check tells; nobody knows what applies
            return set(scenario.vocabulary.rules)
        found |= {claim.premise for claim in grounded.claims} & scenario.vocabulary.rules.keys()
        found |= {withheld.rule for withheld in grounded.withheld}
    return found


# ---------------------------------------------------------------- what is meant to be as it is


@dataclass(frozen=True, slots=True)
class _Comment:
    location: Location
    code: str
    reason: str


def _comments(path: str) -> Iterator[_Comment]:
    lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    for number, line in enumerate(lines, start=1):
        if match := _KEPT.search(line):
            place = Location(path, number, match.start() + 1, len(match.group()))
            yield _Comment(place, match["code"], match["reason"].strip())


def _without(findings: Iterable[Finding], comments: Sequence[_Comment]) -> Iterator[Finding]:
    """The findings that no comment keeps, and the comments that keep none."""
    by_place = {(one.location.path, one.location.line, one.code): one for one in comments if one.reason}
    needed: set[Location] = set()
    for finding in findings:
        path, line = finding.location.path, finding.location.line
        keeping = [by_place.get((path, at, finding.code)) for at in (line, line - 1)]
        needed |= {comment.location for comment in keeping if comment is not None}
        if not any(keeping):
            yield finding
    for comment in comments:
        if comment.location in needed or (comment.reason and comment.code in _DEPEND_ON_OTHERS):
            continue
        message = f"this comment keeps no finding [{comment.code}]"
        hint = "leave it out" if comment.reason else "it gives no reason: write one behind the code"
        yield Finding("keeps-nothing", message, comment.location, hint)
