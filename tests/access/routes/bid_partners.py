"""How each page of partners of bids, how they are asked and answer is tried."""

from tests.access.routes._route import Route, by_matrix

PAGES: dict[str, Route] = by_matrix({})
