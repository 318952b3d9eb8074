"""What one entry of the API's access table says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.access.crowd import Crowd


def _nothing(crowd: Crowd) -> dict:
    return {}


@dataclass(frozen=True)
class ApiRoute:
    """One route of the API on one object.

    Attributes
    ----------
    method, path : str
        As the API's description names them: `"PATCH"`, `"/api/v1/directory/listings/{listing_id}"`.
    arguments : callable
        The path's parameters, from the crowd.
    data : callable
        A valid body, or None for none. Refused callers send it too, so that no check of it stands
        before the rule.
    query : dict
        Query parameters.
    statuses : tuple of int
        How it answers its readers.
    form : bool
        Whether `data` is sent as a form with files.
    readers : tuple of str
        Who gets a 2xx, by the names of `Crowd.people`: from the matrix; everybody else gets 403 or
        404, and nothing is written.
    """

    method: str
    path: str
    arguments: Callable[[Crowd], dict] = _nothing
    data: Callable[[Crowd], Any] | None = None
    query: tuple[tuple[str, str], ...] = ()
    statuses: tuple[int, ...] = (200, 201, 202, 204)
    form: bool = False
    readers: tuple[str, ...] = ()

    def address(self, crowd: Crowd) -> str:
        """Return the path with the crowd's ids in it."""
        return self.path.format(**self.arguments(crowd))
