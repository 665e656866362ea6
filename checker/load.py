"""Files → a scenario with the vocabulary that it uses, or every mistake in any of them.

Names are gathered from all files first; whatever uses them is read after that.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.changes import Changes, changed
from checker.errors import InputError, Location, Mistake
from checker.layout import AGREEMENT, DECLARATIONS, PACK, SCENARIO, Keyed
from checker.lexicon import Lexicon
from checker.model import Kind, Rule, Scenario, Vocabulary
from checker.order import ordered
from checker.packs import declare, leave_out, read_kinds, read_rules
from checker.reading import Fields, Notes, Reader, did_you_mean
from checker.scenarios import (
    premises,
    read_assumed,
    read_exceptions,
    read_expect,
    read_given_paths,
    read_hold,
    read_ignored,
    read_parameters,
    read_proposals,
    read_systems,
    walk,
)
from checker.yaml_text import Table, Text, read


def builtin_rules() -> Path:
    """The folder of the packs that come with the checker."""
    package = Path(__file__).parent
    installed = package / "rules"
    return installed if installed.is_dir() else package.parent / "rules"


def _constants_path() -> Path:
    """The built-in pack that is in use wherever none replaces it."""
    return builtin_rules() / "constants.yaml"


def load_scenario(path: Path, rule_folders: Sequence[Path] = (), changes: Changes | None = None) -> Scenario:
    """The scenario in a file, all names in it known; with `changes`, as it would be with these.

    Packs are looked up by name in `rule_folders`, then among the built-in ones, or by a path relative to the
    file that uses them. Raises InputError with all mistakes of the file and of the packs.
    """
    library = _Library(rule_folders)
    file = library.open(path, str(path), SCENARIO)
    if file is None:
        raise InputError(library.notes.found)
    library.open_packs()
    if library.missing:  # every name of a missing pack would be one more mistake
        library.notes.raise_if_any()
    return _scenario(file, library, changes)


def load_pack(path: Path, rule_folders: Sequence[Path] = ()) -> Vocabulary:
    """What a pack defines, with the packs that it uses and the built-in constants. Raises InputError."""
    library = _Library(rule_folders)
    library.open(path, str(path), PACK)
    library.open_packs()
    vocabulary, _ = _vocabulary(library)
    library.notes.raise_if_any()
    return vocabulary


def load_vocabulary(packs: Sequence[str], rule_folders: Sequence[Path] = ()) -> Vocabulary:
    """What these packs define (names, or paths relative to the current folder), by default the built-in ones
    that replace none; the constants in any case."""
    library = _Library(rule_folders)
    for name in packs or sorted(path.stem for path in builtin_rules().glob("*.yaml")):
        path = library.find(name, Path())
        if path is None:
            mistake = Mistake("unknown-pack", f"no rule pack '{name}'", hint=library.hint(name, Path()))
            library.notes.add_error(InputError([mistake]))
        else:
            file = library.open(path, _shown(path), PACK)
            if file is not None and "replaces" in file.fields and not packs:
                library.close(file)
    library.open_packs()
    vocabulary, _ = _vocabulary(library)
    library.notes.raise_if_any()
    return vocabulary


def pack_name(shown: str, rule_folders: Sequence[Path] = ()) -> str:
    """How `use` calls the pack of this path in messages: by its name in a folder of packs, else by path."""
    name = Path(shown).name
    named = any(_shown(folder / name) == shown for folder in (*rule_folders, builtin_rules()))
    return Path(name).stem if named else shown


# ---------------------------------------------------------------- which files


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    shown: str
    fields: Fields
    location: Location
    reader: Reader


class _Library:
    """The files of a run, in the order in which they were opened, and which of them uses which.

    `constants` is the file of the constants of nature; `left_out` are packs that are not in use because
    another replaces them, and why in words.
    """

    def __init__(self, rule_folders: Sequence[Path]) -> None:
        self.folders = (*rule_folders, builtin_rules())
        self.notes = Notes()
        self.reader = Reader(self.notes)
        self.files: dict[str, _File] = {}
        self.uses: dict[str, dict[str, Text]] = {}
        self.constants = os.path.realpath(_constants_path())
        self.left_out: list[tuple[_File, str]] = []
        self.missing = False

    def open(self, path: Path, shown: str, form: Keyed) -> _File | None:
        """Read a file, unless it has been, and note what is wrong with it."""
        key = os.path.realpath(path)
        if key in self.uses:
            return self.files.get(key)
        self.uses[key] = {}
        try:
            document = read(path, shown)
        except InputError as error:
            self.notes.add_error(error)
            return None
        self.notes.add_document(document)
        what = "a scenario" if form is SCENARIO else "a rule pack"
        entries = document.root.entries if isinstance(document.root, Table) else {}
        if "scenario" in entries and form is not SCENARIO:
            word, _ = entries["scenario"]
            hint = "move what others use into a pack of its own"
            self.notes.add("unknown-pack", f"{shown} is a scenario, not a rule pack", word.location, hint)
            self.missing = True
            return None
        fields = self.reader.fields(document.root, what, form)
        if not isinstance(document.root, Table):
            return None
        agreement = self.reader.choice(fields, "agreement", AGREEMENT, AGREEMENT.choices[0])
        reader = Reader(self.notes, agreement)
        self.files[key] = _File(path, shown, fields, document.root.location, reader)
        return self.files[key]

    def close(self, file: _File) -> None:
        """Let a file be as if it had not been opened."""
        key = os.path.realpath(file.path)
        del self.files[key], self.uses[key]

    def open_packs(self) -> None:
        """Open the constants and all packs that the files use, and those that these use; then leave out what
        is replaced."""
        self.open(_constants_path(), _shown(_constants_path()), PACK)
        waiting = list(self.files.values())
        while waiting:
            file = waiting.pop(0)
            for text in self._used(file):
                path = self._found(text, file)
                if path is None:
                    continue
                known = os.path.realpath(path) in self.uses
                self.uses[os.path.realpath(file.path)].setdefault(os.path.realpath(path), text)
                used = self.open(path, _shown(path), PACK)
                if used is not None and not known:
                    waiting.append(used)
        self._replace()

    def _replace(self) -> None:
        """Where a pack is in use, the one that it replaces is not, whoever uses it; the packs that this one
        uses stay."""
        replacing: dict[str, str] = {}
        known = len(self.notes.found)
        for key, file in self.files.items():
            if "replaces" not in file.fields:
                continue
            text = self.reader.text(file.fields["replaces"][1], "'replaces'")
            path = None if text is None else self._found(text, file)
            if text is None or path is None:
                continue
            replaced = os.path.realpath(path)
            other = replacing.setdefault(replaced, key)
            if other != key:
                message = f"{file.shown} and {self.files[other].shown} both replace '{text.value}'"
                self.notes.add(
                    "conflicting-declaration",
                    message,
                    self._called_for(key, text).location,
                    "leave one of them out",
                )
            elif key in self._below(replaced):
                message = f"{file.shown} cannot replace what it is used by"
                self.notes.add("circular-definition", message, text.location)
        _, circle = ordered({key: [other] for key, other in replacing.items()})
        if circle:
            names = [self.files[key].shown for key in circle]
            message = f"packs replace each other in a circle: {' is replaced by '.join(names)}"
            self.notes.add(
                "circular-definition", message, self.files[circle[0]].fields["replaces"][1].location
            )
        if len(self.notes.found) > known:  # every name of two such packs would be one more mistake
            self.notes.raise_if_any()

        def in_place_of(key: str) -> str:
            while key in replacing:
                key = replacing[key]
            return key

        for key in [key for key in self.files if key in replacing]:
            old, new = self.files[key], self.files[in_place_of(key)]
            self.left_out.append((old, f"{new.shown} has none, which replaces {old.shown}"))
        for file, _ in self.left_out:
            del self.files[os.path.realpath(file.path)]
        self.constants = in_place_of(self.constants)

    def _called_for(self, key: str, otherwise: Text) -> Text:
        """Where somebody says that a pack is to be used."""
        return next((used[key] for used in self.uses.values() if key in used), otherwise)

    def _below(self, key: str) -> set[str]:
        """The files that a file uses, and those that these use."""
        found, waiting = set[str](), [key]
        while waiting:
            new = self.uses.get(waiting.pop(), {}).keys() - found
            found |= new
            waiting += new
        return found

    def in_order(self) -> list[_File]:
        """The files, the constants first and else each after those that it uses; a circle is a mistake."""
        order, circle = ordered({key: self.uses[key] for key in self.files})
        if circle:
            names = [self.files[path].shown for path in circle]
            first = self.uses[circle[0]][circle[1]]
            self.notes.add(
                "circular-definition",
                f"packs use each other in a circle: {' uses '.join(names)}",
                first.location,
            )
        every = dict.fromkeys((self.constants, *order, *self.files))
        return [self.files[path] for path in every if path in self.files]

    def _found(self, text: Text, file: _File) -> Path | None:
        """The pack that a file names; it is noted where there is none."""
        path = self.find(text.value, file.path.parent)
        if path is None:
            hint = self.hint(text.value, file.path.parent)
            self.notes.add("unknown-pack", f"no rule pack '{text.value}'", text.location, hint)
            self.missing = True
        return path

    def find(self, use: str, folder: Path) -> Path | None:
        """The file of a pack: by name in the folders of packs, else by its path from `folder`."""
        if use.endswith((".yaml", ".yml")) or "/" in use:
            candidates = [folder / use]
        else:
            candidates = [place / f"{use}.yaml" for place in self.folders]
        # Unlike Path.is_file, this is False for every path that cannot be one.
        return next((path for path in candidates if os.path.isfile(path)), None)  # noqa: PTH113

    def hint(self, use: str, folder: Path) -> str | None:
        """What may be meant by the name of a pack, or its path from `folder`, where there is none."""
        if os.path.isdir(folder / use):  # noqa: PTH112 - False for every path that cannot be one
            return "this is a folder: name the packs in it, each by its file"
        place, _, file = use.rpartition("/")
        if place and os.path.isdir(folder / place):  # noqa: PTH112
            beside = [path.stem for path in sorted((folder / place).glob("*.yaml"))]
            if close := [stem for stem in beside if did_you_mean(Path(file).stem, [stem])]:
                return f"did you mean '{place}/{close[0]}.yaml'?"
        known = [path.stem for folder in self.folders for path in sorted(folder.glob("*.yaml"))]
        similar = did_you_mean(use, known) or did_you_mean(Path(use).stem, known)
        return similar or (
            "--rules names more folders of packs" if use.replace("-", "_").isidentifier() else None
        )

    def _used(self, file: _File) -> tuple[Text, ...]:
        if "use" not in file.fields:
            return ()
        known = len(self.notes.found)
        texts = self.reader.texts(file.fields["use"][1], "'use'")
        self.missing |= len(self.notes.found) > known
        return texts


def _shown(path: Path) -> str:
    """A path for messages; a built-in pack's is relative to the current folder where it lies below."""
    if path.parent == builtin_rules() and "site-packages" in path.parts:
        path = path.relative_to(Path(__file__).parent.parent)  # checker/rules/…, wherever it is installed
    elif path.parent == builtin_rules() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return os.path.normpath(path)


# ---------------------------------------------------------------- what they say


def _vocabulary(library: _Library) -> tuple[Vocabulary, Lexicon]:
    """All that the files define, and what names mean in them."""
    lexicon = Lexicon()
    files = library.in_order()
    texts: dict[Location, Text] = {}
    for number, file in enumerate(files):
        texts |= declare(file.fields, file.reader, lexicon)
        read_parameters(file.fields, file.reader, lexicon)
        if not number:
            lexicon.fix_constants()
    for file, why in library.left_out:
        leave_out(file.fields, why, file.reader, lexicon)
    _check_constants(lexicon, texts, library.notes)
    if lexicon.without_unit():
        from checker.inference import infer_units

        infer_units([(file.fields, file.reader) for file in files], lexicon)
    kinds: dict[str, Kind] = {}
    for file in files:
        for kind in read_kinds(file.fields, file.reader, lexicon):
            first_kind = kinds.setdefault(kind.name, kind)
            if _definition(first_kind) != _definition(kind):
                hint = f"first at {first_kind.location}"
                library.notes.add(
                    "conflicting-declaration",
                    f"kind '{kind.name}' is defined differently elsewhere",
                    kind.location,
                    hint,
                )
    _check_kinds(kinds, library.notes)
    rules: dict[str, Rule] = {}
    for file in files:
        for rule in read_rules(file.fields, file.shown, file.reader, lexicon):
            first_rule = rules.setdefault(rule.id, rule)
            if first_rule is not rule:
                hint = f"first at {first_rule.location}"
                library.notes.add(
                    "conflicting-declaration", f"rule '{rule.id}' is written twice", rule.location, hint
                )
    return lexicon.vocabulary(kinds, rules), lexicon


def _check_constants(lexicon: Lexicon, texts: Mapping[Location, Text], notes: Notes) -> None:
    for found in lexicon.constants.values():
        for constant in found.values():
            if constant.value.expression is not None:
                for error in lexicon.misnamed_shared(constant.value.expression):
                    notes.add_text(error, texts[constant.location])
    for constant, error in lexicon.measure_constants():
        notes.add_text(error, texts[constant.location])


def _definition(kind: Kind) -> object:
    return kind.parent, {name: given.value for name, given in kind.defaults.items()}


def _check_kinds(kinds: Mapping[str, Kind], notes: Notes) -> None:
    """No kind is its own ancestor."""
    _, circle = ordered({name: [kind.parent] if kind.parent else [] for name, kind in kinds.items()})
    if circle:
        notes.add(
            "circular-definition",
            f"a kind is its own ancestor: {' is '.join(circle)}",
            kinds[circle[0]].location,
        )


def _scenario(file: _File, library: _Library, changes: Changes | None) -> Scenario:
    vocabulary, lexicon = _vocabulary(library)
    reader, fields, rules = file.reader, file.fields, vocabulary.rules
    title = reader.text(fields["scenario"][1], "the title") if "scenario" in fields else None
    if "scenario" not in fields:
        hint = "write `scenario: …`; a file of rules alone is for scenarios to use"
        library.notes.add("missing-key", "the scenario has no title", file.location, hint)
    own = frozenset(rule.id for rule in rules.values() if rule.pack == file.shown)
    systems = read_systems(fields, reader, lexicon)
    entities = {entity.path: entity for entity in walk(systems)}
    given = tuple(read_given_paths(fields, entities, reader, lexicon))
    known = premises(rules, entities.values(), given)
    scenario = Scenario(
        path=file.shown,
        title="" if title is None else title.value.strip(),
        source=reader.words(fields, "source", "the scenario"),
        vocabulary=vocabulary,
        own_rules=own,
        assume=read_assumed(fields, rules, own, reader),
        systems=systems,
        given=given,
        parameters=lexicon.parameters,
        hold=read_hold(fields, known, reader),
        exceptions=tuple(read_exceptions(fields, rules, entities, reader)),
        proposals=tuple(read_proposals(fields, known, reader)),
        ignored=tuple(read_ignored(fields, known, reader)),
        expect=read_expect(fields, known, reader),
        warnings=tuple(
            f"{pack.shown}: this pack defines nothing"
            for pack in library.files.values()
            if pack is not file and not any(key in pack.fields for key in DECLARATIONS)
        ),
    )
    library.notes.raise_if_any()
    if changes is not None:
        scenario = changed(scenario, changes, reader, lexicon)
        library.notes.raise_if_any()
    return scenario
