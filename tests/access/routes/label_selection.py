"""How each page of selections, results and appeals is tried."""

from tests.access.routes._route import Route, by_matrix

PAGES: dict[str, Route] = by_matrix({})
