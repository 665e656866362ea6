"""The same work for other programs, each with the settings that serve it best.

Z3 and SymPy are handed the equations in the checker's normal form, free of charge: sums of products with
everything known put in, and their logarithms. Every function imports its library and prepares what it may
outside of the timing, and returns what is timed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import exp
from typing import Any

from benchmarks.ours import Premises
from checker.model import Grounded
from checker.terms import Monomial, NormalForm, System, system

# ---------------------------------------------------------------- Z3


def z3_core(
    grounded: Grounded, logarithms: bool, minimal: bool, arithmetic: int
) -> Callable[[], frozenset[Premises]]:
    """Build the terms, check, and take the unsatisfiable core: one conflict.

    With `logarithms`, products are linear equations, and equations that are no products are left out.
    `arithmetic` is smt.arith.solver: 2 is the simplex, 1 the graph algorithm for differences x − y.
    """
    import z3

    compiled = system(grounded)

    def run() -> frozenset[Premises]:
        z3.set_param("smt.core.minimize", minimal)
        z3.set_param("smt.arith.solver", arithmetic)
        solver, literals = _z3_problem(compiled, grounded, logarithms)
        assert solver.check(*literals.values()) == z3.unsat
        return frozenset({frozenset(literal.decl().name() for literal in solver.unsat_core())})

    return run


def _z3_problem(compiled: System, grounded: Grounded, logarithms: bool) -> tuple[Any, dict[str, Any]]:
    """A solver with every equation, and for each disputed premise the literal that switches its claims on."""
    import z3

    solver = z3.Solver()
    unknowns = [z3.Real(f"x{i}") for i in range(len(compiled.names))]
    doubts = {i: z3.Real(f"a{i}") for i, atom in enumerate(compiled.atoms) if atom.low or atom.high}
    literals = {id_: z3.Bool(id_) for id_, premise in grounded.premises.items() if not premise.held}
    if not logarithms:
        for unknown, positive in zip(unknowns, compiled.positive, strict=True):
            if positive:
                solver.add(unknown > 0)
    for i, doubt in doubts.items():
        atom = compiled.atoms[i]
        low, high = (atom.low, atom.high) if logarithms else (exp(atom.low), exp(atom.high))
        solver.add(doubt >= _z3_number(low), doubt <= _z3_number(high))
    for equation in compiled.equations:
        assert isinstance(equation, NormalForm) and equation.relation == "="
        build = _z3_logarithm if logarithms else _z3_polynomial
        condition = build(equation, compiled, unknowns, doubts)
        if condition is None:
            continue
        for premise in grounded.claims[equation.claim].rests_on & literals.keys():
            condition = z3.Implies(literals[premise], condition)
        solver.add(condition)
    return solver, literals


def _z3_logarithm(equation: NormalForm, compiled: System, unknowns: list[Any], doubts: dict[int, Any]) -> Any:
    import z3

    row = equation.row
    if row is None:
        return None
    terms = [
        unknowns[key] if power == 1 else _z3_number(power) * unknowns[key] for key, power in row.unknowns
    ]
    terms += [_z3_number(power) * doubts[-1 - key] for key, power in row.atoms if -1 - key in doubts]
    return z3.Sum(terms) == _z3_number(-row.constant)


def _z3_polynomial(
    equation: NormalForm, compiled: System, unknowns: list[Any], doubts: dict[int, Any]
) -> Any:
    import z3

    sides: tuple[list[Any], list[Any]] = [], []
    for factor, monomial in _polynomial(equation, compiled):
        term = _z3_number(abs(factor))
        for key, power in monomial:
            base = unknowns[key] if key >= 0 else doubts[-1 - key]
            for _ in range(power):
                term = term * base
        sides[factor < 0].append(term)
    return z3.Sum(sides[0]) == z3.Sum(sides[1])


def _z3_number(value: float | Fraction) -> Any:
    import z3

    return z3.RealVal(str(Fraction(value)))


# ---------------------------------------------------------------- all conflicts and ways out: MARCO


def marco(grounded: Grounded) -> Callable[[], tuple[frozenset[Premises], int]]:
    """All minimal conflicts and ways out (Liffiton et al., Constraints 21, 2016): Z3 tells whether premises
    can stand together, MiniSat proposes sets that are new, the largest first."""
    import z3
    from pysat.solvers import Solver

    compiled = system(grounded)

    def run() -> tuple[frozenset[Premises], int]:
        z3.set_param("smt.core.minimize", True)
        z3.set_param("smt.arith.solver", 2)
        solver, literals = _z3_problem(compiled, grounded, logarithms=True)
        number = {id_: i for i, id_ in enumerate(literals, start=1)}
        literal = dict(enumerate(literals.values(), start=1))
        conflicts: list[Premises] = []
        ways_out = 0
        with Solver("minisat22") as proposals:
            proposals.set_phases(literal)
            proposals.add_clause([*literal, len(literal) + 1])  # makes every variable known
            while proposals.solve():
                # every variable is first tried as true: a set that can stand is as large as it can be
                seed = [i for i in proposals.get_model() if 0 < i <= len(literal)]
                if solver.check(*(literal[i] for i in seed)) == z3.sat:
                    ways_out += 1
                    proposals.add_clause(sorted(literal.keys() - set(seed)))
                else:
                    core = frozenset(one.decl().name() for one in solver.unsat_core())
                    conflicts.append(core)
                    proposals.add_clause([-number[id_] for id_ in core])
        return frozenset(conflicts), ways_out

    return run


# ---------------------------------------------------------------- SymPy


def sympy_solve(grounded: Grounded, without: str, wanted: str) -> Callable[[], str]:
    """Solve all equations but those of one premise, and print the `wanted` quantity to three digits.

    Constants are put in as rational numbers; the answers are not simplified or checked. It finds a value and
    no conflict, so it does less than the others.
    """
    import sympy

    compiled = system(grounded)

    def run() -> str:
        sympy.core.cache.clear_cache()  # what it remembers of the last run is not its work
        symbols = [
            sympy.Symbol(f"x{i}", positive=True if positive else None, real=True)
            for i, positive in enumerate(compiled.positive)
        ]
        equations = []
        for equation in compiled.equations:
            assert isinstance(equation, NormalForm)
            if without not in grounded.claims[equation.claim].rests_on:
                terms = [
                    sympy.Rational(factor.numerator, factor.denominator)
                    * sympy.prod(symbols[key] ** power for key, power in monomial if key >= 0)
                    for factor, monomial in _polynomial(equation, compiled)
                ]
                equations.append(sympy.Add(*terms))
        solution = sympy.solve(equations, symbols, dict=True, simplify=False, check=False)
        index = next(i for i, name in enumerate(compiled.names) if name and ".".join(name.parts) == wanted)
        return f"{float(solution[0][symbols[index]]):.2e}"

    return run


# ---------------------------------------------------------------- equations


def _polynomial(equation: NormalForm, compiled: System) -> Iterator[tuple[Fraction, list[tuple[int, int]]]]:
    """The terms of an equation as number and powers of unknowns and of doubtful atoms, multiplied by what
    makes every power positive."""
    terms = [
        (*_nominal(factor, atoms, compiled), group.unknowns)
        for group in equation.groups
        for factor, atoms in group.coefficient
    ]
    exponents = [dict([*doubtful, *unknowns]) for _, doubtful, unknowns in terms]
    lowest = {key: min(one.get(key, 0) for one in exponents) for one in exponents for key in one}
    for (factor, _, _), powers in zip(terms, exponents, strict=True):
        raised = {key: powers.get(key, 0) - low for key, low in lowest.items()}
        yield factor, [(key, int(power)) for key, power in raised.items() if power]


def _nominal(factor: Fraction, atoms: Monomial, compiled: System) -> tuple[Fraction, Monomial]:
    """Put in every atom that has no bounds of doubt."""
    doubtful = []
    for key, power in atoms:
        atom = compiled.atoms[-1 - key]
        factor *= Fraction(atom.number ** int(power))
        if atom.low or atom.high:
            doubtful.append((key, power))
    return factor, tuple(doubtful)


# ---------------------------------------------------------------- hitting sets

Sets = list[frozenset[int]]
HittingSets = frozenset[frozenset[int]]


def hitman(sets: Sets, method: str, solver: str = "m22") -> Callable[[], HittingSets]:
    """PySAT's enumerator: `method` sorted is RC2 (smallest first), lbx and mcsls enumerate without order."""
    from pysat.examples.hitman import Hitman

    def run() -> HittingSets:
        with Hitman(bootstrap_with=sets, solver=solver, htype=method) as hitting:
            return frozenset(map(frozenset, hitting.enumerate()))

    return run


def cp_sat(sets: Sets) -> Callable[[], HittingSets]:
    """All solutions of: every set is hit, and every element chosen is the only one in some set."""
    from ortools.sat.python import cp_model

    class Collect(cp_model.CpSolverSolutionCallback):
        def __init__(self, variables: dict[int, Any]) -> None:
            super().__init__()
            self.variables = variables
            self.found: list[frozenset[int]] = []

        def on_solution_callback(self) -> None:
            self.found.append(frozenset(e for e, v in self.variables.items() if self.value(v)))

    def run() -> HittingSets:
        model = cp_model.CpModel()
        chosen = {element: model.new_bool_var(f"{element}") for element in sorted(frozenset().union(*sets))}
        for one in sets:
            model.add_bool_or([chosen[element] for element in one])
        for element, variable in chosen.items():
            alone = []
            for one in sets:
                if element in one:
                    only = model.new_bool_var("")
                    others = [chosen[other].negated() for other in one if other != element]
                    model.add_bool_and(others).only_enforce_if(only)
                    model.add_bool_or([only, *(other.negated() for other in others)])  # only ⇔ none of them
                    alone.append(only)
            model.add_bool_or([variable.negated(), *alone])
        solver = cp_model.CpSolver()
        solver.parameters.enumerate_all_solutions = True
        solver.parameters.num_workers = 1
        collect = Collect(chosen)
        solver.solve(model, collect)
        return frozenset(collect.found)

    return run


def fault_diagnosis_toolbox(sets: Sets) -> Callable[[], HittingSets]:
    from faultdiagnosistoolbox import MHS

    lists = [sorted(one) for one in sets]
    return lambda: frozenset(frozenset(int(element) for element in one) for one in MHS(lists))


# ---------------------------------------------------------------- YAML


def yaml_compose(text: str, loader: str) -> Callable[[], None]:
    """The bare tree of nodes, by libyaml (CSafeLoader) or in Python (SafeLoader)."""
    import yaml

    chosen = getattr(yaml, loader)

    def run() -> None:
        yaml.compose(text, chosen)

    return run
