"""Who may use which route of keys, awards and revocations, under /api/v1/labels."""

from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd
from tests.access.labels import scheme
from tests.access.places import at, by_program
from tests.access.routes.label_awards import ONE, decided

KEYS = "/api/v1/labels/clusters/{cluster_id}/keys"
ALL = "/api/v1/labels/partnerships/{partnership_id}/schemes/{scheme_id}/awards"
_ONE = f"{ALL}/{{award_id}}"
ROUND = "/api/v1/labels/partnerships/{partnership_id}/rounds/{round_id}/awards"
#: The key of this world is no key, so that nothing can be signed.
REFUSED = (200, 201, 202, 409, 422)


def _cluster(crowd: Crowd) -> dict:
    return {"cluster_id": crowd.world.a.cluster.pk}


def _key(crowd: Crowd) -> dict:
    return _cluster(crowd) | {"number": 1}


ROUTES: dict[str, ApiRoute] = {
    "list_issuer_keys": ApiRoute("GET", KEYS, _cluster),
    "make_issuer_key": ApiRoute("POST", KEYS, _cluster, statuses=REFUSED),
    "replace_issuer_key": ApiRoute("POST", f"{KEYS}/replace", _cluster, statuses=REFUSED),
    "report_key_loss": ApiRoute(
        "POST", f"{KEYS}/{{number}}/loss", _key, lambda _: {"why": "Lost."}, statuses=REFUSED
    ),
    "sign_awards_anew": ApiRoute("POST", f"{KEYS}/sign-anew", _cluster, statuses=REFUSED),
    "list_label_awards": ApiRoute("GET", ALL, by_program(at(scheme_id=scheme))),
    "show_label_award": ApiRoute("GET", _ONE, by_program(ONE)),
    "prepare_round_awards": ApiRoute("GET", ROUND, by_program(at(round_id=decided))),
    "put_round_awards": ApiRoute(
        "POST",
        ROUND,
        by_program(at(round_id=decided)),
        lambda _: {"fingerprint": "0" * 64},
        statuses=REFUSED,
    ),
    "revoke_label_award": ApiRoute(
        "POST",
        f"{_ONE}/revocation",
        by_program(ONE),
        lambda _: {"reason": "Ended."},
        statuses=REFUSED,
    ),
    "rename_label_award": ApiRoute(
        "POST", f"{_ONE}/name", by_program(ONE), lambda _: {"holder": "Nets"}, statuses=REFUSED
    ),
}
