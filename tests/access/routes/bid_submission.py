"""How each page of deciding, signing and submitting a bid is tried."""

from tests.access.routes._route import Route, by_matrix

PAGES: dict[str, Route] = by_matrix({})
