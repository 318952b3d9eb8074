"""How each page of keys, awards and revocations is tried."""

from tests.access.routes._route import Route, by_matrix

PAGES: dict[str, Route] = by_matrix({})
