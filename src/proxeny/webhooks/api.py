"""Webhooks over the API, for managers: settings, tests, and the log of deliveries."""

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.accounts import trail_shapes
from proxeny.accounts.trail_shapes import TrailEntryOut, TrailFilters
from proxeny.kernel.api import (
    Id,
    IfMatch,
    In,
    Out,
    in_pages,
    match_version,
    scoped_router,
    show_version,
    unsent,
)
from proxeny.kernel.errors import InvalidInput, NotAllowed
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.requests import Request
from proxeny.webhooks import operations, queries, signing
from proxeny.webhooks.models import (
    DESCRIPTION_LENGTH,
    URL_LENGTH,
    VERB_LENGTH,
    Webhook,
    WebhookDelivery,
)

router = scoped_router("webhooks", tag="Webhooks")

Address = Annotated[str, Field(min_length=1, max_length=URL_LENGTH)]
Description = Annotated[str, Field(max_length=DESCRIPTION_LENGTH)]
Verb = Annotated[str, Field(min_length=1, max_length=VERB_LENGTH)]
Verbs = Annotated[list[Verb], Field(max_length=200)]


class WebhookOut(Out):
    """A webhook: an address that is notified of what happens in an organisation.

    If `verbs` is empty, it receives all events.
    """

    id: int
    organisation_id: int
    url: str
    description: str
    verbs: list[str]
    state: Literal["active", "failing", "paused"]
    halt: Literal["", "by_hand", "failures", "gone"]
    failing_since: datetime | None
    former_until: datetime | None = Field(
        description="Messages are also signed with the previous secret until this moment."
    )
    created_at: datetime
    version: int


class WebhookWithSecret(WebhookOut):
    """A webhook with its secret. No other response contains the secret."""

    secret: str


class WebhookIn(In):
    """The address to notify, and the events it receives."""

    organisation_id: Id
    url: Address
    description: Description = ""
    verbs: Verbs = []


class WebhookChanges(In):
    """Changes to a webhook. Fields that are left out stay as they are."""

    url: Address = unsent()
    description: Description = unsent()
    verbs: Verbs = unsent()


class VerbOut(Out):
    """An operation that webhooks can be notified of."""

    verb: str
    sentence: str


class DeliveryOut(Out):
    """A message and the result of its delivery. `due_at` is the time of the next attempt."""

    id: int
    message_id: str
    verb: str
    body: str
    state: Literal["waiting", "delivered", "failed"]
    attempts: int
    outcome: Literal[
        "", "delivered", "status", "redirect", "timeout", "connection", "certificate", "address"
    ]
    status_code: int | None
    answer: str
    created_at: datetime
    tried_at: datetime | None
    due_at: datetime | None
    delivered_at: datetime | None
    dropped_at: datetime | None


class DeliveryFilters(In):
    """Filters for the list of deliveries."""

    state: Literal["waiting", "delivered", "failed"] | None = None
    verb: str = Field("", max_length=VERB_LENGTH)


class CountOut(Out):
    """The number of messages."""

    count: int


def _with_secret(webhook: Webhook) -> WebhookWithSecret:
    told = WebhookOut.model_validate(webhook).model_dump()
    return WebhookWithSecret(**told, secret=signing.secret_of(webhook))


def _refuse_key(request: Request) -> None:
    # The answer to a request with a key is kept for a day; a secret is kept nowhere.
    if "Idempotency-Key" in request.headers:
        raise InvalidInput(
            _(
                "Send this without an Idempotency-Key: the response contains a secret, which "
                "isn’t stored."
            )
        )


@router.get("", response=list[WebhookOut], summary="List webhooks")
@in_pages("-id")
def list_webhooks(request: Request) -> QuerySet[Webhook]:
    """Returns the webhooks of the organisations that you manage."""
    if not request.reader.managed:
        raise NotAllowed(_("Only managers can set up webhooks."))
    return queries.visible_webhooks()


@router.get("/verbs", response=list[VerbOut], summary="List events for webhooks")
def list_verbs(request: Request) -> list[VerbOut]:
    """Returns the operations that webhooks can be notified of, each with a sentence that describes
    it.
    """
    return [VerbOut(verb=verb, sentence=str(said)) for verb, said in queries.list_verbs()]


@router.post("", response={201: WebhookWithSecret}, summary="Add a webhook")
def add_webhook(
    request: Request, response: HttpResponse, webhook: WebhookIn
) -> Status[WebhookWithSecret]:
    """Notifies the address of events from now on.

    The secret is returned only in this response. This route doesn't accept an `Idempotency-Key`.
    """
    _refuse_key(request)
    made = operations.add_webhook(actor=request.reader, **webhook.model_dump())
    response["Location"] = f"/api/v1/webhooks/{made.pk}"
    show_version(response, made.version)
    return Status(201, _with_secret(made))


@router.get("/{webhook_id}", response=WebhookOut, summary="Get a webhook")
def show_webhook(request: Request, response: HttpResponse, webhook_id: Id) -> Webhook:
    """Returns the address, the events it receives, and whether it responds."""
    webhook = queries.get_webhook(webhook_id)
    show_version(response, webhook.version, webhook.state, webhook.failing_since)
    return webhook


@router.patch("/{webhook_id}", response=WebhookOut, summary="Update a webhook")
def change_webhook(
    request: Request,
    response: HttpResponse,
    webhook_id: Id,
    changes: WebhookChanges,
    if_match: IfMatch = None,
) -> Webhook:
    """Changes only the fields that are sent. The secret stays the same."""
    webhook = queries.get_webhook(webhook_id)
    version = match_version(if_match, webhook.version)
    values = {name: getattr(webhook, name) for name in ("url", "description", "verbs")}
    webhook = operations.change_webhook(
        actor=request.reader, webhook_id=webhook_id, version=version, **values | changes.sent()
    )
    show_version(response, webhook.version, webhook.state, webhook.failing_since)
    return webhook


@router.delete("/{webhook_id}", response={204: None}, summary="Remove a webhook")
def remove_webhook(request: Request, webhook_id: Id) -> Status[None]:
    """Removes the webhook and its delivery log. Nothing more is sent to it."""
    operations.remove_webhook(actor=request.reader, webhook_id=webhook_id)
    return Status(204, None)


@router.post("/{webhook_id}/pause", response=WebhookOut, summary="Pause a webhook")
def pause_webhook(request: Request, webhook_id: Id) -> Webhook:
    """Stops sending messages. What happens in the meantime is sent when you resume."""
    return operations.pause_webhook(actor=request.reader, webhook_id=webhook_id)


@router.post("/{webhook_id}/resume", response=WebhookOut, summary="Resume a webhook")
def resume_webhook(request: Request, webhook_id: Id) -> Webhook:
    """Continues where the webhook stopped, and sends what happened in the last 30 days."""
    return operations.resume_webhook(actor=request.reader, webhook_id=webhook_id)


@router.post("/{webhook_id}/secret", response=WebhookWithSecret, summary="Create a new secret")
def rotate_secret(request: Request, webhook_id: Id) -> WebhookWithSecret:
    """Replaces the secret.

    For 24 hours, messages are signed with both secrets. The new one is returned only in this
    response. This route doesn't accept an `Idempotency-Key`.
    """
    _refuse_key(request)
    webhook = operations.rotate_secret(
        actor=request.reader, webhook_id=webhook_id, now=timezone.now()
    )
    return _with_secret(webhook)


@router.post("/{webhook_id}/test", response={202: DeliveryOut}, summary="Send a test message")
def send_test(request: Request, response: HttpResponse, webhook_id: Id) -> Status[WebhookDelivery]:
    """Sends a message of type `test_webhook`. It is tried once."""
    delivery = operations.send_test(actor=request.reader, webhook_id=webhook_id, now=timezone.now())
    response["Location"] = f"/api/v1/webhooks/{webhook_id}/deliveries/{delivery.pk}"
    return Status(202, delivery)


@router.get("/{webhook_id}/deliveries", response=list[DeliveryOut], summary="List deliveries")
@in_pages("-id")
def list_deliveries(
    request: Request, webhook_id: Id, filters: Query[DeliveryFilters]
) -> QuerySet[WebhookDelivery]:
    """Returns the deliveries of the last 30 days, newest first."""
    webhook = queries.get_webhook(webhook_id)
    return queries.find_deliveries(webhook, state=filters.state or "", verb=filters.verb)


@router.post(
    "/{webhook_id}/deliveries/send-again",
    response={202: CountOut},
    summary="Resend all failed messages",
)
def send_failed_again(request: Request, webhook_id: Id) -> Status[CountOut]:
    """Sends all messages that were given up again, with a new set of attempts."""
    count = operations.send_failed_again(
        actor=request.reader, webhook_id=webhook_id, now=timezone.now()
    )
    return Status(202, CountOut(count=count))


@router.get(
    "/{webhook_id}/deliveries/{delivery_id}", response=DeliveryOut, summary="Get a delivery"
)
def show_delivery(request: Request, webhook_id: Id, delivery_id: Id) -> WebhookDelivery:
    """Returns a message and the result of its delivery."""
    return queries.get_delivery(webhook_id, delivery_id)


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/send-again",
    response={202: DeliveryOut},
    summary="Resend a message",
)
def send_again(request: Request, webhook_id: Id, delivery_id: Id) -> Status[WebhookDelivery]:
    """Sends the message again at once, with the same id so that the receiver can detect a
    duplicate.
    """
    delivery = operations.send_again(
        actor=request.reader, webhook_id=webhook_id, delivery_id=delivery_id, now=timezone.now()
    )
    return Status(202, delivery)


@router.get(
    "/{webhook_id}/history", response=list[TrailEntryOut], summary="Get the history of a webhook"
)
@in_pages("-id", tell=trail_shapes.telling("webhook"))
def list_webhook_history(
    request: Request, webhook_id: Id, filters: Query[TrailFilters]
) -> QuerySet[AuditEntry]:
    """Returns what was done with the webhook and when it was paused automatically, newest first."""
    return trail_shapes.find_trail(request, "webhook", webhook_id, filters)
