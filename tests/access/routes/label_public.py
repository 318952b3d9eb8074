"""How each page of what everybody reads of labels is tried."""

from tests.access.routes._route import Route, by_matrix

PUBLIC: dict[str, Route] = by_matrix({})
