"""Who may use which route under /api/v1/webhooks."""

from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd
from tests.access.routes import MANAGERS, SEATED, A

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
    "list_webhooks": ApiRoute("GET", W, MANAGERS),
    # What can be heard of is told to whoever may hear of something somewhere; it names no record.
    "list_verbs": ApiRoute("GET", f"{W}/verbs", SEATED),
    "add_webhook": ApiRoute("POST", W, A, data=_of_a, statuses=(201,)),
    "show_webhook": ApiRoute("GET", ONE, A, _webhook),
    "change_webhook": ApiRoute("PATCH", ONE, A, _webhook, data=lambda _: {"description": "x"}),
    "remove_webhook": ApiRoute("DELETE", ONE, A, _webhook, statuses=(204,)),
    "pause_webhook": ApiRoute("POST", f"{ONE}/pause", A, _awake),
    "resume_webhook": ApiRoute("POST", f"{ONE}/resume", A, _paused),
    "rotate_secret": ApiRoute("POST", f"{ONE}/secret", A, _awake),
    "send_test": ApiRoute("POST", f"{ONE}/test", A, _awake, statuses=(202,)),
    "list_deliveries": ApiRoute("GET", LOG, A, _webhook),
    "show_delivery": ApiRoute("GET", f"{LOG}/{{delivery_id}}", A, _delivery),
    "send_again": ApiRoute("POST", f"{LOG}/{{delivery_id}}/send-again", A, _delivery),
    "send_failed_again": ApiRoute("POST", f"{LOG}/send-again", A, _given_up, statuses=(202,)),
}
