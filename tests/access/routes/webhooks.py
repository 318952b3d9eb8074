"""How each page is tried: webhooks."""

from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix


def _webhook(crowd: Crowd) -> dict:
    return {"pk": crowd.delivery.webhook_id}


def _delivery(crowd: Crowd) -> dict:
    return _webhook(crowd) | {"delivery_id": crowd.delivery.pk}


def _address(crowd: Crowd) -> dict:
    return {"url": "https://hooks.example.org/new", "organisation_id": crowd.world.a.cluster.pk}


WEBHOOKS = by_matrix(
    {
        "webhooks:list": Route(),
        "webhooks:new": Route(data=_address),
        "webhooks:detail": Route(_webhook),
        "webhooks:edit": Route(_webhook, data=_address),
        "webhooks:pause": Route(_webhook, posts_only=True),
        "webhooks:resume": Route(_webhook, posts_only=True),
        "webhooks:rotate": Route(_webhook, posts_only=True),
        "webhooks:test": Route(_webhook, posts_only=True),
        "webhooks:remove": Route(_webhook),
        "webhooks:again": Route(_delivery, posts_only=True),
        "webhooks:again-all": Route(_webhook, posts_only=True),
    }
)
