"""Linear conditions on doubts that stay in their bounds → satisfiable, or multipliers that show they are not.

The first phase of the simplex method with Bland's rule, on the few dozen rows that share doubts. Its
multipliers are a Farkas certificate: the combination of rows they give cannot be met anywhere in the box,
which the caller can check by adding up.
"""

from __future__ import annotations

from collections.abc import Sequence

TOLERANCE = 1e-9
MAX_PIVOTS = 20_000


def infeasible(
    rows: Sequence[Sequence[float]],
    equal: Sequence[bool],
    right: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
) -> list[float] | None:
    """Multipliers that prove Σ row·x = right (or ≤ where not `equal`) impossible for low ≤ x ≤ high; None
    if there is a solution. Multipliers of inequalities are never negative."""
    count = len(low)
    spans = [high[j] - low[j] for j in range(count)]
    # x = low + span·t with 0 ≤ t ≤ 1, and each row scaled to its largest entry
    table: list[list[float]] = []
    scales: list[float] = []
    for row, bound in zip(rows, right, strict=True):
        entries = [a * span for a, span in zip(row, spans, strict=True)]
        rest = bound - sum(a * one for a, one in zip(row, low, strict=True))
        scale = max([*map(abs, entries), abs(rest)]) or 1.0
        sign = -1.0 if rest < 0 else 1.0
        table.append([sign * entry / scale for entry in entries] + [sign * rest / scale])
        scales.append(sign / scale)
    slacks = [i for i, exact in enumerate(equal) if not exact]
    height, width = len(rows) + count, count + len(slacks) + count
    full: list[list[float]] = []
    for i, line in enumerate(table):
        slack = [(scales[i] > 0) - (scales[i] < 0) if i == s else 0.0 for s in slacks]
        artificial = [1.0 if i == k else 0.0 for k in range(len(rows))]
        full.append([*line[:count], *slack, *[0.0] * count, *artificial, line[count]])
    for j in range(count):
        unit = [1.0 if j == k else 0.0 for k in range(count)]
        full.append([*unit, *[0.0] * len(slacks), *unit, *[0.0] * len(rows), 1.0])
    basis = [width + i for i in range(len(rows))] + [count + len(slacks) + j for j in range(count)]
    cost = [-sum(full[i][k] for i in range(len(rows))) for k in range(width)] + [0.0] * len(rows)
    cost.append(-sum(full[i][-1] for i in range(len(rows))))
    for _ in range(MAX_PIVOTS):
        column = next((k for k in range(width) if cost[k] < -1e-11), None)
        if column is None:
            break
        ratios = [
            (full[i][-1] / full[i][column], basis[i], i) for i in range(height) if full[i][column] > 1e-11
        ]
        if not ratios:
            break
        _, _, pivot = min(ratios)
        factor = full[pivot][column]
        full[pivot] = [value / factor for value in full[pivot]]
        for line in [*(full[i] for i in range(height) if i != pivot), cost]:
            factor = line[column]
            if factor:
                line[:] = [a - factor * b for a, b in zip(line, full[pivot], strict=True)]
        basis[pivot] = column
    if -cost[-1] <= TOLERANCE:
        return None
    # at the optimum an artificial's reduced cost is 1 − its row's multiplier
    return [(1.0 - cost[width + i]) * scales[i] * -1.0 for i in range(len(rows))]
