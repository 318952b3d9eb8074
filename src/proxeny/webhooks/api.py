"""Webhooks over the API, for managers: kept, tried, and the log of what was delivered."""

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
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
    """An address that hears what happens in an organisation. No verbs: it hears of everything."""

    id: int
    organisation_id: int
    url: str
    description: str
    verbs: list[str]
    state: Literal["active", "failing", "paused"]
    halt: Literal["", "by_hand", "failures", "gone"]
    failing_since: datetime | None
    former_until: datetime | None = Field(description="Until when the former secret signs too.")
    created_at: datetime
    version: int


class WebhookWithSecret(WebhookOut):
    """The secret is in this one answer and in no other."""

    secret: str


class WebhookIn(In):
    """What to tell to which address."""

    organisation_id: Id
    url: Address
    description: Description = ""
    verbs: Verbs = []


class WebhookChanges(In):
    """Only what is sent changes."""

    url: Address = unsent()
    description: Description = unsent()
    verbs: Verbs = unsent()


class VerbOut(Out):
    """An operation that webhooks can hear of."""

    verb: str
    sentence: str


class DeliveryOut(Out):
    """One message, with what came of it. `due_at` is when it is sent (again)."""

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
    """Which messages to list."""

    state: Literal["waiting", "delivered", "failed"] | None = None
    verb: str = Field("", max_length=VERB_LENGTH)


class CountOut(Out):
    """How many."""

    count: int


def _with_secret(webhook: Webhook) -> WebhookWithSecret:
    told = WebhookOut.model_validate(webhook).model_dump()
    return WebhookWithSecret(**told, secret=signing.secret_of(webhook))


def _refuse_key(request: HttpRequest) -> None:
    # The answer to a request with a key is kept for a day; a secret is kept nowhere.
    if "Idempotency-Key" in request.headers:
        raise InvalidInput(
            _("Send this without an Idempotency-Key: the answer holds a secret, which is not kept.")
        )


@router.get("", response=list[WebhookOut], summary="Webhooks")
@in_pages("-id")
def list_webhooks(request: HttpRequest) -> QuerySet[Webhook]:
    """The webhooks of the organisations that the caller manages."""
    if not request.reader.managed:
        raise NotAllowed(_("Only managers can set up webhooks."))
    return queries.visible_webhooks()


@router.get("/verbs", response=list[VerbOut], summary="What webhooks can hear of")
def list_verbs(request: HttpRequest) -> list[VerbOut]:
    """The operations that messages tell of, each with a sentence."""
    return [VerbOut(verb=verb, sentence=str(said)) for verb, said in queries.list_verbs()]


@router.post("", response={201: WebhookWithSecret}, summary="Add a webhook")
def add_webhook(
    request: HttpRequest, response: HttpResponse, webhook: WebhookIn
) -> Status[WebhookWithSecret]:
    """It hears what happens from now on. The secret is told this once; takes no Idempotency-Key."""
    _refuse_key(request)
    made = operations.add_webhook(actor=request.reader, **webhook.model_dump())
    response["Location"] = f"/api/v1/webhooks/{made.pk}"
    show_version(response, made.version)
    return Status(201, _with_secret(made))


@router.get("/{webhook_id}", response=WebhookOut, summary="One webhook")
def show_webhook(request: HttpRequest, response: HttpResponse, webhook_id: Id) -> Webhook:
    """Where it goes, what it hears of, and whether it answers."""
    webhook = queries.get_webhook(webhook_id)
    show_version(response, webhook.version, webhook.state, webhook.failing_since)
    return webhook


@router.patch("/{webhook_id}", response=WebhookOut, summary="Change a webhook")
def change_webhook(
    request: HttpRequest,
    response: HttpResponse,
    webhook_id: Id,
    changes: WebhookChanges,
    if_match: IfMatch = None,
) -> Webhook:
    """Only what is sent changes; the secret stays."""
    webhook = queries.get_webhook(webhook_id)
    version = match_version(if_match, webhook.version)
    values = {name: getattr(webhook, name) for name in ("url", "description", "verbs")}
    webhook = operations.change_webhook(
        actor=request.reader, webhook_id=webhook_id, version=version, **values | changes.sent()
    )
    show_version(response, webhook.version, webhook.state, webhook.failing_since)
    return webhook


@router.delete("/{webhook_id}", response={204: None}, summary="Remove a webhook")
def remove_webhook(request: HttpRequest, webhook_id: Id) -> Status[None]:
    """With the log of its deliveries; nothing is sent any more."""
    operations.remove_webhook(actor=request.reader, webhook_id=webhook_id)
    return Status(204, None)


@router.post("/{webhook_id}/pause", response=WebhookOut, summary="Pause a webhook")
def pause_webhook(request: HttpRequest, webhook_id: Id) -> Webhook:
    """Nothing is sent; what happens meanwhile is told later."""
    return operations.pause_webhook(actor=request.reader, webhook_id=webhook_id)


@router.post("/{webhook_id}/resume", response=WebhookOut, summary="Resume a webhook")
def resume_webhook(request: HttpRequest, webhook_id: Id) -> Webhook:
    """It goes on where it stopped, as far as that is not older than 30 days."""
    return operations.resume_webhook(actor=request.reader, webhook_id=webhook_id)


@router.post("/{webhook_id}/secret", response=WebhookWithSecret, summary="Make a new secret")
def rotate_secret(request: HttpRequest, webhook_id: Id) -> WebhookWithSecret:
    """For a day the former secret signs too. Told this once; takes no Idempotency-Key."""
    _refuse_key(request)
    webhook = operations.rotate_secret(
        actor=request.reader, webhook_id=webhook_id, now=timezone.now()
    )
    return _with_secret(webhook)


@router.post("/{webhook_id}/test", response={202: DeliveryOut}, summary="Send a test")
def send_test(
    request: HttpRequest, response: HttpResponse, webhook_id: Id
) -> Status[WebhookDelivery]:
    """A message of type `test_webhook`, tried once."""
    delivery = operations.send_test(actor=request.reader, webhook_id=webhook_id, now=timezone.now())
    response["Location"] = f"/api/v1/webhooks/{webhook_id}/deliveries/{delivery.pk}"
    return Status(202, delivery)


@router.get("/{webhook_id}/deliveries", response=list[DeliveryOut], summary="Deliveries")
@in_pages("-id")
def list_deliveries(
    request: HttpRequest, webhook_id: Id, filters: Query[DeliveryFilters]
) -> QuerySet[WebhookDelivery]:
    """The log of the last 30 days, newest first."""
    webhook = queries.get_webhook(webhook_id)
    return queries.find_deliveries(webhook, state=filters.state or "", verb=filters.verb)


@router.post(
    "/{webhook_id}/deliveries/send-again", response={202: CountOut}, summary="Send all failed again"
)
def send_failed_again(request: HttpRequest, webhook_id: Id) -> Status[CountOut]:
    """Every message that was given up, with all its attempts anew."""
    count = operations.send_failed_again(
        actor=request.reader, webhook_id=webhook_id, now=timezone.now()
    )
    return Status(202, CountOut(count=count))


@router.get("/{webhook_id}/deliveries/{delivery_id}", response=DeliveryOut, summary="One delivery")
def show_delivery(request: HttpRequest, webhook_id: Id, delivery_id: Id) -> WebhookDelivery:
    """One message, with what came of it."""
    return queries.get_delivery(webhook_id, delivery_id)


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/send-again",
    response={202: DeliveryOut},
    summary="Send a message again",
)
def send_again(request: HttpRequest, webhook_id: Id, delivery_id: Id) -> Status[WebhookDelivery]:
    """At once and with the same id, so that a receiver that had it can tell."""
    delivery = operations.send_again(
        actor=request.reader, webhook_id=webhook_id, delivery_id=delivery_id, now=timezone.now()
    )
    return Status(202, delivery)


@router.get(
    "/{webhook_id}/history", response=list[TrailEntryOut], summary="What happened to a webhook"
)
@in_pages("-id", tell=trail_shapes.telling("webhook"))
def list_webhook_history(
    request: HttpRequest, webhook_id: Id, filters: Query[TrailFilters]
) -> QuerySet[AuditEntry]:
    """What was done with it, and when it was paused by itself, newest first."""
    return trail_shapes.find_trail(request, "webhook", webhook_id, filters)
