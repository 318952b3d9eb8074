"""How each page of keys, awards and revocations is tried."""

from proxeny.labels.models import Round
from tests.access.crowd import Crowd
from tests.access.labels import award, judged_round, scheme
from tests.access.places import at
from tests.access.routes._route import Route, by_matrix, reason


def cluster(crowd: Crowd) -> dict:
    """Return A's cluster."""
    return {"pk": crowd.world.a.cluster.pk}


def decided() -> Round:
    """Return the round of spring, decided."""
    return judged_round("decided")


ONE = at(scheme_id=scheme, award_id=award)

PAGES: dict[str, Route] = by_matrix(
    {
        "labels:keys": Route(cluster),
        "labels:key-make": Route(cluster, posts_only=True),
        "labels:key-replace": Route(cluster, posts_only=True),
        "labels:key-lost": Route(
            lambda crowd: cluster(crowd) | {"number": 1}, data=lambda _: {"why": "Lost."}
        ),
        "labels:key-sign-anew": Route(cluster, posts_only=True),
        "labels:awards": Route(at(scheme_id=scheme)),
        "labels:awards-export": Route(at(scheme_id=scheme)),
        "labels:award-room": Route(ONE),
        "labels:award-revoke": Route(ONE, data=reason, posts_only=True),
        "labels:award-rename": Route(ONE, data=lambda _: {"holder": "Nets"}, posts_only=True),
        "labels:round-awards": Route(at(round_id=decided)),
        "labels:awards-put": Route(
            at(round_id=decided), data=lambda _: {"seen": "0" * 64}, posts_only=True
        ),
    }
)
