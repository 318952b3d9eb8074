"""How each page of what becomes of awards is tried."""

from tests.access.routes._route import Route, by_matrix

PAGES: dict[str, Route] = by_matrix({})
