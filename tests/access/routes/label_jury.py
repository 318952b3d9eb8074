"""How each page of rounds and juries is tried."""

from tests.access.labels import at, judged_round, scheme
from tests.access.routes._route import Route, by_matrix

PAGES: dict[str, Route] = by_matrix(
    {
        "labels:rounds": Route(at(scheme_id=scheme)),
        "labels:round": Route(at(round_id=judged_round)),
    }
)
