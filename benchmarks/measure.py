"""Contenders → how much processor time each takes, in rounds in which all take turns.

Processor time, that of child processes included, is little disturbed by what else runs on the machine; none
of the contenders uses more than one core.
"""

from __future__ import annotations

import gc
import multiprocessing
import resource
import signal
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
    timed, which has to answer `answer`. With `apart` both happen in a process that can be ended."""

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
    runs = [None if timing.contender.apart else _prepared(timing) for timing in timings]
    for _ in range(rounds):
        for timing, run in zip(timings, runs, strict=True):
            if timing.problem or sum(timing.samples) > limit:
                continue
            gc.collect()
            gc.freeze()  # what other rows keep loaded is not looked through again and again
            if run is None:
                _sample_apart(timing, limit)
            else:
                _note(timing, *_timed(run))
    return timings


def _prepared(timing: Timing) -> Callable[[], object] | None:
    try:
        return timing.contender.prepare()
    except ImportError as error:
        timing.problem = _missing(error)
        return None


def _missing(error: ImportError) -> str:
    return f"not installed: {error.name}"


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


def _sample_apart(timing: Timing, limit: float) -> None:
    receiver, sender = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_child, args=(timing.contender.prepare, limit, sender))
    process.start()
    sender.close()
    try:
        found = receiver.recv()
    except EOFError:
        process.join()
        if process.exitcode in (-signal.SIGXCPU, -signal.SIGKILL):
            timing.problem, timing.at_least = f"not finished in {limit:g} s", limit
        else:
            timing.problem = f"failed with status {process.exitcode}"
    else:
        process.join()
        if isinstance(found, str):
            timing.problem = found
        else:
            _note(timing, *found)


def _child(prepare: Callable[[], Callable[[], object]], limit: float, sender: Connection) -> None:
    try:
        run = prepare()
    except ImportError as error:
        sender.send(_missing(error))
        return
    end = ceil(_clock() + limit)
    resource.setrlimit(resource.RLIMIT_CPU, (end, end + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sender.send(_timed(run))


def _clock() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime
