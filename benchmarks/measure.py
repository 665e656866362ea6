"""Contenders → how much processor time each takes, in rounds in which all take turns.

Processor time, that of child processes included, is little disturbed by what else runs on the machine; none
of the contenders uses more than one core.
"""

from __future__ import annotations

import gc
import multiprocessing
import resource
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil
from multiprocessing.connection import Connection
from time import process_time

SHORTEST = 0.02
"""What takes less than so many seconds is repeated until it does not."""
COLD = 1.0
"""What takes longer is not run once more to be timed warm."""


@dataclass(frozen=True, slots=True)
class Contender:
    """Somebody who does the work. `prepare` imports and prepares outside of the timing and returns what is
    timed, which has to answer `answer`. With `apart` it runs in a process that can be ended."""

    name: str
    prepare: Callable[[], Callable[[], object]]
    answer: object
    apart: bool = False


@dataclass(slots=True)
class Timing:
    """The seconds a contender took in each round, and why there may be none."""

    contender: Contender
    samples: list[float] = field(default_factory=list)
    problem: str = ""
    at_least: float = 0.0

    @property
    def median(self) -> float:
        return statistics.median(self.samples) if self.samples else self.at_least

    @property
    def spread(self) -> float:
        """Half the range of the samples, relative to their median."""
        return (max(self.samples) - min(self.samples)) / (2 * self.median) if self.samples else 0.0


def take_turns(contenders: Sequence[Contender], rounds: int, limit: float) -> list[Timing]:
    """Time all contenders. One that takes longer than `limit` seconds is ended if it runs apart, and one that
    has had as much in all has no further turns."""
    timings = [Timing(contender) for contender in contenders]
    runs = [_prepared(timing) for timing in timings]
    for _ in range(rounds):
        for timing, run in zip(timings, runs, strict=True):
            if run is None or timing.problem or sum(timing.samples) > limit:
                continue
            gc.collect()
            if timing.contender.apart:
                _sample_apart(timing, run, limit)
            else:
                _note(timing, *_timed(run))
    return timings


def _prepared(timing: Timing) -> Callable[[], object] | None:
    try:
        return timing.contender.prepare()
    except ImportError as error:
        timing.problem = f"not installed: {error.name}"
        return None


def _timed(run: Callable[[], object]) -> tuple[float, object]:
    """The seconds of one run, warmed up by another unless that took long, and its answer."""
    start = _clock()
    answer = run()
    taken, times = _clock() - start, 1
    if taken < COLD:
        start, taken, times = _clock(), 0.0, 0
        while taken < SHORTEST:
            run()
            times += 1
            taken = _clock() - start
    return taken / times, answer


def _note(timing: Timing, taken: float, answer: object) -> None:
    timing.samples.append(taken)
    if answer != timing.contender.answer:
        timing.problem = "another answer"


def _sample_apart(timing: Timing, run: Callable[[], object], limit: float) -> None:
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_child, args=(run, limit, sender))
    process.start()
    sender.close()
    try:
        _note(timing, *receiver.recv())
    except EOFError:
        timing.problem, timing.at_least = f"not finished in {limit:g} s", limit
    process.join()


def _child(run: Callable[[], object], limit: float, sender: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(limit), ceil(limit) + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sender.send(_timed(run))


def _clock() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime
