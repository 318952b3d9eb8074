"""The room of A and B, and what is found in it, as the arguments of routes."""

from collections.abc import Callable
from typing import Any

Arguments = Callable[[Any], dict]


def room(crowd: Any) -> dict:
    """Return the room of A and B."""
    return {"pk": crowd.world.partnership.pk}


def at(**more: Callable[[], Any]) -> Arguments:
    """Return what finds the room, and more by number: `scheme_id=scheme, round_id=judged_round`."""

    def arguments(crowd: Any) -> dict:
        return room(crowd) | {name: find().pk for name, find in more.items()}

    return arguments


def by_program(arguments: Arguments) -> Arguments:
    """Return the same as programs name it."""

    def found(crowd: Any) -> dict:
        values = dict(arguments(crowd))
        return {"partnership_id": values.pop("pk"), **values}

    return found
