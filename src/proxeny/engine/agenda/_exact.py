"""The exact route: a schedule by annealing, a bound by windows, the rest by refutation.

Serves cores in which every meeting is placed. The number of breaks asked for goes up from the
bound; "no" raises the bound, "yes" ends the search. If that takes long, one runner works down from
the best schedule instead, so that stopping early leaves a good one.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from proxeny.engine.agenda._anneal import Annealer, anneal_in_thread
from proxeny.engine.agenda._bounds import cover_by_hubs, window_bound
from proxeny.engine.agenda._core import Core
from proxeny.engine.agenda._race import Race, open_race
from proxeny.engine.agenda._racer import Answer, Job, Question
from proxeny.engine.agenda._search import Search

__all__ = ["prove_breaks"]

SOLVERS = ("cadical195", "glucose4", "maplechrono", "cadical153")
# Seconds of annealing before the race, and of an unanswered question before one runner turns round.
ANNEAL_S, PATIENCE_S = 0.4, 5.0
# Breaks above the bound from which turning round is worth a runner.
WIDE_GAP = 3
# On a loaded machine the annealing may take this many times as long, in parallel to the race.
STRETCH = 8.0
# Without a schedule, sums of breaks are told apart up to this number.
TOP_WITHOUT_SCHEDULE = 40
POLL_S = 0.1
# Pairs of meeting and slot beyond which the formula would take longer than it could ever repay.
LARGEST_FORMULA = 20_000
# From here on the proof may not come in time: a longer annealing runs in parallel.
LONG_ANNEALING = 7_000


def prove_breaks(core: Core, search: Search, *, workers: int, seed: int) -> bool:
    """Search until the best schedule is proven or the time is up.

    Returns
    -------
    bool
        Whether it is proven that there is no schedule at all.
    """
    if sum(map(len, core.domains)) > LARGEST_FORMULA:
        return _improve_large(core, search, workers, seed)
    size = max(1, min(workers, len(SOLVERS)))
    with open_race(size) as race:
        with _annealing(core, search, seed):
            hubs = tuple(cover_by_hubs(core))
            search.poll()
            bound = window_bound(core, hubs, limit_s=min(3.0, search.left_s))
            if bound is None:
                return True
            search.raise_bound(bound)
            search.poll()
        if search.proven or search.stopped():
            return False
        search.report("proof")
        race.brief(_jobs(core, search, hubs, size))
        return _run_race(race, search)


def _improve_large(core: Core, search: Search, workers: int, seed: int) -> bool:
    """Annealing for all the time there is, after a bound that looks at participants only."""
    hubs = cover_by_hubs(core)
    bound = window_bound(core, hubs, limit_s=min(5.0, search.left_s / 6), workers=workers)
    if bound is None:
        return True
    search.raise_bound(bound)
    search.report("breaks")
    anneal_in_thread(search, seed=seed, seconds=max(0.1, search.left_s * 0.97), threads=workers)
    return False


@contextmanager
def _annealing(core: Core, search: Search, seed: int) -> Iterator[None]:
    """Anneal in a thread beside the bound; leave when both are done.

    The very first run on a machine compiles the kernels, which takes seconds, and a loaded machine
    is slow. The race does not wait for that: the thread goes on by itself and offers what it finds.
    """

    def run() -> None:
        start = search.slots if search.slots is not None else None
        annealer = Annealer(core, fairness=search.fairness, seed=seed, start=start)
        annealer.run(
            min(ANNEAL_S, search.left_s),
            near=0.6,
            stretch=STRETCH,
            stopped=search.stopped,
            on_best=search.offer,
            good_enough=lambda: search.proven,
        )
        pairs = sum(map(len, core.domains))
        if pairs > LONG_ANNEALING and not search.proven:
            annealer.run(
                min(pairs / 1000, search.left_s / 2),
                near=0.6,
                stopped=search.stopped,
                on_best=search.offer,
            )

    begun = search.seconds
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        while thread.is_alive() and search.poll() and search.seconds < begun + 2 * ANNEAL_S:
            thread.join(POLL_S / 5)


def _jobs(core: Core, search: Search, hubs: tuple[int, ...], size: int) -> list[Job]:
    top = TOP_WITHOUT_SCHEDULE if search.slots is None else max(0, search.breaks - 1)
    return [
        Job(
            core=core,
            fairness=search.fairness,
            hubs=hubs,
            top=top,
            solver=solver,
            # Leaning on the annealed schedule makes reaching an optimum slower more often than
            # shorter: the two are rarely near each other. Only the way down profits from it.
            phases=(),
            limit_s=search.left_s,
        )
        for solver in SOLVERS[:size]
    ]


def _run_race(race: Race, search: Search) -> bool:
    asked_at = search.seconds
    turned = False
    while not search.proven and search.poll() and race.alive:
        lead = _next_question(search)
        for number in range(race.size):
            wide = search.slots is not None and search.breaks - search.bound >= WIDE_GAP
            if number and turned and wide:
                question = _downward(race.asked(number), search, number)
                race.ask(number, question, tuple(search.slots or ()))
            else:
                race.ask(number, lead)
        got = race.wait(POLL_S)
        if got is not None:
            _, answer = got
            if answer.hopeless:
                return True
            _learn(search, answer)
            if answer.question == lead:
                asked_at, turned = search.seconds, False
        elif search.seconds - asked_at > PATIENCE_S:
            turned = True
    return False


def _next_question(search: Search) -> Question:
    return Question(None if search.slots is None else search.bound)


def _downward(current: Question | None, search: Search, number: int) -> Question:
    """Keep a question that would still be news, else ask for a little less than the best."""
    best = search.breaks
    if current is not None and current.most is not None and search.bound < current.most < best:
        return current
    return Question(max(search.bound, best - number))


def _learn(search: Search, answer: Answer) -> None:
    if answer.slots is not None:
        if not search.offer(answer.slots) and search.slots is None:
            raise RuntimeError("the solver's schedule breaks a rule")
    elif answer.question.most is not None:
        search.raise_bound(answer.question.most + 1)
