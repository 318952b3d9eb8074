"""How each page of a cluster's network is tried: everybody opens that of their own cluster."""

from tests.access.routes._route import Route, by_matrix

ROUTES: dict[str, Route] = by_matrix(
    {
        "insight:network-position": Route(),
        "insight:network": Route(query="?find=cluster"),
        "insight:network-graph": Route(query="?by=everybody"),
        "insight:network-map": Route(query="?by=regions&ties=all"),
        "insight:network-organisations": Route(),
        "insight:what-if": Route(query="?find=member"),
    }
)
