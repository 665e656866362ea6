"""The catalogue of findings of `check lint`: a code → what it means, why that is odd, how to mend it."""

from __future__ import annotations

from checker.mistakes import Entry

FINDINGS = {
    "never-applies": Entry(
        "A rule fits nothing in any scenario at hand that uses it.",
        "It was written for something, and is never tried on it.",
        "Check its kind, its `when` and its `roles`; or add a scenario that has what it speaks of.",
    ),
    "never-fails": Entry(
        "A rule is true whatever values its quantities have: it claims nothing.",
        "Nothing can contradict it, and no example of it can fail.",
        "Mend the equation, or leave the rule out.",
    ),
    "same-rule": Entry(
        "Two rules say the same of the same things.",
        "Each would have to be given up for the other to matter.",
        "Leave one of them out.",
    ),
    "implied-rule": Entry(
        "A rule says of some things what another one says of more.",
        "Giving it up changes nothing.",
        "Leave it out, or say in it what the other one does not.",
    ),
    "part-or-whole": Entry(
        "Two rules say the same, one of parts and one of wholes, and no claim says of which.",
        "One quantum for each part and one for all of them together differ by how many there are.",
        "Let each claim name what it is about.",
    ),
    "no-source": Entry(
        "A rule of a pack does not say where it is from.",
        "Whoever meets it in a contradiction wants to look it up.",
        "Name a textbook with its section, or a paper with its equation.",
    ),
    "no-example": Entry(
        "A rule of a pack has no example that holds, or none that fails.",
        "A slip in the equation would go unnoticed.",
        "Write one of each under `examples`.",
    ),
    "close-names": Entry(
        "Two names differ so little that one will be taken for the other.",
        "What is stated for one says nothing about the other.",
        "Use one of them, or names further apart.",
    ),
    "same-symbol": Entry(
        "Two quantities have the same symbol, so that it can be written for neither.",
        "Equations in which both are known need their names.",
        "Choose another symbol.",
    ),
    "unused": Entry(
        "Something is declared in a pack with rules, and nothing at hand uses it.",
        "It may be a slip of the name that is used.",
        "Leave it out.",
    ),
    "keeps-nothing": Entry(
        "A comment keeps a finding that is not there.",
        "It would hide the next one.",
        "Leave it out; if it gives no reason, write one behind the code.",
    ),
}
