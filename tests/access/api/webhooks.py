"""Who may use which route under /api/v1/webhooks."""

from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd

W = "/api/v1/webhooks"
ONE, LOG = f"{W}/{{webhook_id}}", f"{W}/{{webhook_id}}/deliveries"


def _webhook(crowd: Crowd) -> dict:
    return {"webhook_id": crowd.delivery.webhook_id}


def _paused(crowd: Crowd) -> dict:
    webhook = crowd.delivery.webhook
    webhook.state = "paused"
    webhook.save()
    return _webhook(crowd)


def _awake(crowd: Crowd) -> dict:
    webhook = crowd.delivery.webhook
    webhook.state = "active"
    webhook.save()
    return _webhook(crowd)


def _delivery(crowd: Crowd) -> dict:
    return _awake(crowd) | {"delivery_id": crowd.delivery.pk}


def _given_up(crowd: Crowd) -> dict:
    crowd.delivery.due_at, crowd.delivery.dropped_at = None, crowd.delivery.created_at
    crowd.delivery.save()
    return _awake(crowd)


def _of_a(crowd: Crowd) -> dict:
    return {"organisation_id": crowd.world.a.cluster.pk, "url": "https://hooks.example.org/new"}


ROUTES: dict[str, ApiRoute] = {
    "list_webhooks": ApiRoute("GET", W),
    # What can be heard of is told to whoever may hear of something somewhere; it names no record.
    "list_verbs": ApiRoute("GET", f"{W}/verbs"),
    "add_webhook": ApiRoute("POST", W, data=_of_a, statuses=(201,)),
    "show_webhook": ApiRoute("GET", ONE, _webhook),
    "change_webhook": ApiRoute("PATCH", ONE, _webhook, data=lambda _: {"description": "x"}),
    "remove_webhook": ApiRoute("DELETE", ONE, _webhook, statuses=(204,)),
    "pause_webhook": ApiRoute("POST", f"{ONE}/pause", _awake),
    "resume_webhook": ApiRoute("POST", f"{ONE}/resume", _paused),
    "rotate_secret": ApiRoute("POST", f"{ONE}/secret", _awake),
    "send_test": ApiRoute("POST", f"{ONE}/test", _awake, statuses=(202,)),
    "list_webhook_history": ApiRoute("GET", f"{ONE}/history", _webhook),
    "list_deliveries": ApiRoute("GET", LOG, _webhook),
    "show_delivery": ApiRoute("GET", f"{LOG}/{{delivery_id}}", _delivery),
    "send_again": ApiRoute("POST", f"{LOG}/{{delivery_id}}/send-again", _delivery),
    "send_failed_again": ApiRoute("POST", f"{LOG}/send-again", _given_up, statuses=(202,)),
}
