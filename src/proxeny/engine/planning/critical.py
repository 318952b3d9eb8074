"""The critical path of a plan whose activities have days already."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

__all__ = ["Planned", "Task", "find_critical"]


@dataclass(frozen=True, slots=True)
class Task[Key: Hashable]:
    """An activity from its first day to its last, both counted, as day numbers.

    It begins after the last day of all that it `needs`.
    """

    first: int
    last: int
    needs: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned[Key: Hashable]:
    """Schedule of a task, and its effect on the plan.

    Parameters
    ----------
    slack : int
        The number of days its end may slip before the plan ends later. Later tasks are moved as far
        as necessary, and no task gets shorter.
    clashes : tuple
        Prerequisites that it does not wait for.
    """

    slack: int
    clashes: tuple[Key, ...]

    @property
    def is_critical(self) -> bool:
        """Whether a day's delay of it delays the plan by a day."""
        return self.slack == 0


def find_critical[Key: Hashable](tasks: Mapping[Key, Task[Key]]) -> dict[Key, Planned[Key]]:
    """Return each task's slack and clashes. Linear in tasks and needs.

    A need outside of `tasks` counts for nothing.

    Raises
    ------
    ValueError
        On a task that ends before it begins, or tasks that need each other in a circle.

    Notes
    -----
    The backward pass of the critical path method (Kelley and Walker, "Critical-path planning and
    scheduling", 1959) over given dates: the latest last day of a task is the plan's end, or the day
    before the latest first day of what comes after it.

    Examples
    --------
    >>> plan = {"brief": Task(0, 4), "visit": Task(7, 9, ("brief",)), "report": Task(10, 11, ("visit",))}
    >>> {name: one.slack for name, one in find_critical(plan).items()}
    {'brief': 2, 'visit': 0, 'report': 0}
    """
    for key, task in tasks.items():
        if task.last < task.first:
            raise ValueError(f"{key!r}: ends before it begins")
    followers: dict[Key, list[Key]] = {key: [] for key in tasks}
    for key, task in tasks.items():
        for need in task.needs:
            if need in followers:
                followers[need].append(key)
    end = max((task.last for task in tasks.values()), default=0)
    latest: dict[Key, int] = {}
    for key in _backwards(followers):
        firsts = (latest[one] - (tasks[one].last - tasks[one].first) for one in followers[key])
        latest[key] = min((first - 1 for first in firsts), default=end)
    return {
        key: Planned(
            slack=max(min(latest[key], end) - task.last, 0),
            clashes=tuple(
                need for need in task.needs if need in tasks and tasks[need].last >= task.first
            ),
        )
        for key, task in tasks.items()
    }


def _backwards[Key: Hashable](followers: Mapping[Key, list[Key]]) -> list[Key]:
    """Return the tasks so that all followers of one come before it."""
    try:
        return list(TopologicalSorter(followers).static_order())
    except CycleError:
        raise ValueError("tasks need each other in a circle") from None
