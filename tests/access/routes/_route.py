"""How each route is tried. Who may open it is said in the access matrix, and there alone.

A key is a route's name, with a word after it where the same route is tried on another object.
Whoever is not among its row's readers is refused, by GET and by POST. `PUBLIC` routes answer
everybody and must name nothing that is not public.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.access import matrix
from tests.access.crowd import Crowd


def _nothing(crowd: Crowd) -> dict:
    return {}


@dataclass(frozen=True)
class Route:
    """One route on one object.

    Attributes
    ----------
    arguments : callable
        The route's arguments, from the crowd.
    query : str
        What follows the path, from `?` on.
    data : callable
        A valid form: refused people send it too, so that no form stands before the rule.
    posts_only : bool
        Whether the route answers no GET.
    statuses : tuple of int
        For a public route: how it answers. For another one: how it may answer besides.
    readers : tuple of str
        Who gets the page, by the names of `Crowd.people`: from the matrix.
    """

    arguments: Callable[[Crowd], dict] = _nothing
    query: str = ""
    data: Callable[[Crowd], dict] = _nothing
    posts_only: bool = False
    statuses: tuple[int, ...] = (200,)
    readers: tuple[str, ...] = ()


def name_of(key: str) -> str:
    """Return the route's name of a key."""
    return key.partition(" ")[0]


EVERYBODY = tuple(matrix.COLUMNS.values())
#: Signed in; a list shows each the rows of their own, which may be none.
SIGNED_IN = EVERYBODY[1:]
#: Those whose seat opens something by itself: for one of them a program may act by a token.
SEATED = tuple(who for who in SIGNED_IN[1:] if who != "a_juror")
#: Clusters' managers keep members and propose partnerships, each for their own cluster.
MANAGERS = ("c_manager", "a_manager", "b_manager")
A = ("a_manager",)


def readers_of(key: str, found: dict[str, matrix.Row]) -> tuple[str, ...]:
    """Return who may, by the matrix; nobody where it has no row."""
    return tuple(who for who in EVERYBODY if key in found and who in found[key].readers)


def by_matrix(routes: dict[str, Route]) -> dict[str, Route]:
    """Return routes with their readers."""
    found = matrix.pages()
    return {key: replace(one, readers=readers_of(key, found)) for key, one in routes.items()}


def member(crowd: Crowd) -> dict:
    """Return A's first member."""
    return {"pk": crowd.world.a.members[0].pk}


def hidden(crowd: Crowd) -> dict:
    """Return A's entry for "only us"."""
    return {"pk": crowd.hidden.pk}


def event(crowd: Crowd) -> dict:
    """Return the open event."""
    return {"event_id": crowd.taken.event.pk}


def reason(crowd: Crowd) -> dict:
    """Return why somebody says no."""
    return {"reason": "It does not fit."}
