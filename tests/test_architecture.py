"""The modules of the package import each other in one direction, and each library through one door."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "checker"

# From the bottom to the top. A module may import from the lines above its own, and from nothing else here.
LAYERS = (
    ("errors", "dimension", "mistakes", "functions", "intervals"),
    ("findings",),
    ("blocks", "exponents", "farkas", "grouping", "hitting_sets", "linear", "order", "structure"),
    ("units", "expression", "yaml_text"),
    ("value", "homogeneity"),
    ("model", "value_text"),
    # files → records
    ("layout",),
    ("reading", "schema"),
    ("asked", "lexicon"),
    ("givens", "inference", "rules"),
    ("packs",),
    ("scenarios",),
    ("changes",),
    ("load",),
    # records → claims → conflicts → ways out
    ("ground", "terms"),
    ("certificate", "closed_form", "points", "polyhedron", "provenance", "solution"),
    ("boxes", "exact_values", "refutation", "sums"),
    ("adjustment", "parts", "propagate", "strain"),
    ("doubts",),
    ("consistency",),
    ("conflicts",),
    ("derivation",),
    ("fits",),
    ("coverage", "proof", "ranges", "validity"),
    ("sides",),
    ("accepted", "narrowing", "ways_out"),
    ("difference", "excerpt", "forest", "network", "outlook", "why"),
    ("pipeline",),
    ("verify",),
    ("sameness",),
    ("lint",),
    # what people see
    ("report.json",),
    ("report.elements", "report.wording"),
    ("report.mathml",),
    ("report.sheet",),
    ("report.text",),
    ("report.diagrams", "report.digraph", "report.layers"),
    ("report.svg",),
    ("report.html_contradiction",),
    ("report.html_findings", "report.html_graph"),
    ("report.html",),
    ("report.beside", "report.explain", "report.markdown", "report.plot", "report.sarif", "report.why"),
    ("report.formats", "report.listing"),
    ("commands.status",),
    ("commands.streams", "commands.arguments", "commands.targets"),
    (
        "commands.check",
        "commands.compare",
        "commands.explain",
        "commands.graph",
        "commands.plot",
        "commands.test",
        "commands.why",
    ),
    ("commands.new", "commands.schema", "commands.rules", "commands.lint"),
    ("api", "cli"),
    ("__main__",),
)

# The one module that knows a library. What takes long to import is imported inside functions there.
DOORS = {
    "flint": "blocks",
    "matplotlib": "report.plot",
    "networkx": "report.digraph",
    "pint": "units",
    "yaml": "yaml_text",
}
LIGHT = {"yaml"}


def sources(package: Path) -> dict[str, str]:
    """Module name without the package's → source; the packages' own `__init__` files are left out."""
    paths = (path for path in package.rglob("*.py") if path.name != "__init__.py")
    return {
        ".".join(path.relative_to(package).with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in paths
    }


def imports(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """What a module imports, and whether that happens as soon as the module is imported."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, True)]
    while waiting:
        node, at_once = waiting.pop()
        match node:
            case ast.Import(names=names):
                yield from ((alias.name, at_once) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                if level:
                    yield f"relative import of {module or names[0].name}", at_once
                elif module in ("checker", "checker.report", "checker.commands"):
                    yield from ((f"{module}.{alias.name}", at_once) for alias in names)
                else:
                    yield module or "", at_once
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), body=body, orelse=orelse):
                waiting.extend((child, False) for child in body)
                waiting.extend((child, at_once) for child in orelse)
            case _:
                later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
                waiting.extend((child, at_once and not later) for child in ast.iter_child_nodes(node))


def faults(modules: Mapping[str, str]) -> set[str]:
    """Every breach of the layers and doors above, in a sentence each."""
    layer = {name: number for number, names in enumerate(LAYERS) for name in names}
    found = set()
    for module, source in modules.items():
        if module not in layer:
            found.add(f"{module} is missing from LAYERS")
            continue
        for imported, at_once in imports(ast.parse(source)):
            top, _, inner = imported.partition(".")
            if imported.startswith("relative import"):
                found.add(f"{module} has a {imported}")
            elif top == "checker" and inner in layer and layer[inner] >= layer[module]:
                found.add(f"{module} imports {inner}, which is no lower layer")
            elif top == "checker" and inner not in layer and inner != "__version__":
                found.add(f"{module} imports {imported}, which is no module in LAYERS")
            elif top not in {"checker", *sys.stdlib_module_names, *DOORS}:
                found.add(f"{module} imports {top}, which has no door")
            elif top in DOORS and DOORS[top] != module:
                found.add(f"{module} imports {top}, whose door is {DOORS[top]}")
            elif top in DOORS and at_once and top not in LIGHT:
                found.add(f"{module} imports {top} at once, not inside a function")
    return found


def test_the_package_keeps_to_its_layers_and_doors() -> None:
    """Every module stands in the table, imports from lower layers alone, and keeps libraries behind doors."""
    modules = sources(PACKAGE)
    assert {"errors", "cli", "report.text"} <= modules.keys()
    assert faults(modules) == set()


@pytest.mark.parametrize(
    ("modules", "fault"),
    [
        ({"units": "import checker.model"}, "units imports model, which is no lower layer"),
        ({"units": "from checker.model import Rule"}, "units imports model, which is no lower layer"),
        ({"units": "from checker import model"}, "units imports model, which is no lower layer"),
        (
            {"model": "def f():\n    from checker.cli import main"},
            "model imports cli, which is no lower layer",
        ),
        ({"model": "from checker.report import text"}, "model imports report.text, which is no lower layer"),
        ({"load": "from checker.load import a"}, "load imports load, which is no lower layer"),
        ({"load": "from . import model"}, "load has a relative import of model"),
        ({"load": "from checker.spare import a"}, "load imports checker.spare, which is no module in LAYERS"),
        ({"spare": ""}, "spare is missing from LAYERS"),
        ({"cli": "def f():\n    import pint"}, "cli imports pint, whose door is units"),
        ({"load": "import numpy"}, "load imports numpy, which has no door"),
        ({"load": "from yaml import CParser"}, "load imports yaml, whose door is yaml_text"),
        ({"units": "import pint.util"}, "units imports pint at once, not inside a function"),
        (
            {"units": "try:\n    import pint\nexcept ImportError:\n    pass"},
            "units imports pint at once, not inside a function",
        ),
        ({"units": "class A:\n    import pint"}, "units imports pint at once, not inside a function"),
    ],
)
def test_a_planted_fault_is_found(modules: dict[str, str], fault: str) -> None:
    """Each kind of breach, written into a module of its own, is reported and nothing else is."""
    assert faults(modules) == {fault}


def test_a_circle_cannot_keep_to_the_layers() -> None:
    """Two modules that import each other are at fault whichever of them is the lower one."""
    assert faults({"errors": "import checker.dimension", "dimension": "import checker.errors"}) == {
        "errors imports dimension, which is no lower layer",
        "dimension imports errors, which is no lower layer",
    }


def test_what_the_layers_allow_is_no_fault() -> None:
    """Lower layers, late imports of a heavy library in its door, and imports for types alone are allowed."""
    modules = {
        "model": "from checker.errors import Location\nimport json",
        "units": "if TYPE_CHECKING:\n    import pint\ndef f():\n    import pint",
        "yaml_text": "import yaml",
        "cli": "from checker import __version__\nfrom checker.report import text",
    }
    assert faults(modules) == set()
