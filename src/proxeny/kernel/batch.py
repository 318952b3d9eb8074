"""The same work for many items, each in its own transaction: a failure undoes no other item's."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from proxeny.kernel.tenancy import SERVICE, acting_as

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Outcome[One]:
    """The result of a batch: the sum of the values the work returned, and the items that failed."""

    count: int = 0
    failed: list[One] = field(default_factory=list)


def for_each[One](
    many: Iterable[One],
    work: Callable[[One], int | None],
    *,
    what: str,
    name: Callable[[One], object] = lambda one: one,
    should_stop: Callable[[], bool] = lambda: False,
) -> Outcome[One]:
    """Do some work for each of many items, in the service's role; continue after a failure.

    Call it outside any transaction: what was done for one is kept at once, and a second run, after
    a kill, does it again for the others alone where `work` notes in the same transaction that it is
    done.

    Parameters
    ----------
    many : iterable
        What was read before: no transaction is open while one is waited for.
    work : callable
        Returns what to count, such as the number of mails it wrote.
    what, name : str, callable
        What the log says of a failure: of what, and of which one. Numbers, no names of people.
    should_stop : callable
        Asked before each.
    """
    outcome: Outcome[One] = Outcome()
    for one in many:
        if should_stop():
            break
        try:
            with acting_as(SERVICE):
                outcome.count += work(one) or 0
        except Exception:
            logger.exception("%s failed: %s", what, name(one))
            outcome.failed.append(one)
    return outcome
