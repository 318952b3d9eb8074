"""Reading webhooks. Row-level security shows each manager those of their own organisations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Min, Q, QuerySet
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models import Organisation
from proxeny.directory.queries import visible_organisations
from proxeny.kernel import audit
from proxeny.kernel.errors import NotFound
from proxeny.kernel.lists import join_items
from proxeny.kernel.models import AuditEntry, AuditLink
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.queries import rooms_of
from proxeny.webhooks.models import Webhook, WebhookDelivery

#: The message that "send a test" sends.
TEST_VERB = "test_webhook"
#: So many links of the trail are read at once.
BATCH = 1000


#: Webhooks of the organisations that the reader manages.
WEBHOOKS = Rows(
    "webhooks",
    (
        Column("address", gettext_lazy("Address"), lambda one: one.url, ("url",)),
        Column(
            "organisation",
            gettext_lazy("Organisation"),
            lambda one: one.organisation.name,
            ("organisation__name", "url"),
        ),
        Column("told", gettext_lazy("Events it receives"), lambda one: join_items(one.verbs)),
        Column(
            "state", gettext_lazy("State"), lambda one: one.get_state_display(), ("state", "url")
        ),
    ),
    sort="organisation",
    search=("url", "description"),
)


def visible_webhooks() -> QuerySet[Webhook]:
    """Return the webhooks of the organisations the reader manages, with the organisations."""
    found = Webhook.objects.select_related("organisation")
    return found.order_by("organisation__name", "url", "pk")


def get_webhook(webhook_id: int) -> Webhook:
    """Return a webhook; `NotFound` if the reader does not see it."""
    found = Webhook.objects.select_related("organisation").filter(pk=webhook_id).first()
    if found is None:
        raise NotFound(_("We couldn’t find this webhook."))
    return found


def find_deliveries(
    webhook: Webhook, *, state: str = "", verb: str = ""
) -> QuerySet[WebhookDelivery]:
    """Return a webhook's deliveries, newest first.

    Parameters
    ----------
    state : str
        `waiting`, `delivered` or `failed`; anything else means all.
    verb : str
        One operation, or empty for all.
    """
    found = WebhookDelivery.objects.filter(webhook_id=webhook.pk).order_by("-pk")
    if state == "waiting":
        found = found.filter(delivered_at=None, dropped_at=None)
    elif state in ("delivered", "failed"):
        column = "delivered_at" if state == "delivered" else "dropped_at"
        found = found.filter(**{f"{column}__isnull": False})
    return found.filter(verb=verb) if verb else found


def get_delivery(webhook_id: int, delivery_id: int) -> WebhookDelivery:
    """Return one delivery of a webhook; `NotFound` if the reader does not see it."""
    found = (
        WebhookDelivery.objects.select_related("webhook")
        .filter(pk=delivery_id, webhook_id=webhook_id)
        .first()
    )
    if found is None:
        raise NotFound(_("We couldn’t find this delivery."))
    return found


def list_verbs() -> list[tuple[str, Any]]:
    """Return the operations a webhook can hear of, with their sentences, in their order."""
    return sorted(audit.sentences().items(), key=lambda pair: str(pair[1]))


def sentence_of(verb: str) -> Any:
    """Return the sentence of an operation."""
    return _("A test") if verb == TEST_VERB else audit.sentences().get(verb, verb)


def list_log_verbs(webhook: Webhook) -> list[tuple[str, Any]]:
    """Return the operations in a webhook's log, with their sentences. One query."""
    found = find_deliveries(webhook).order_by("verb").values_list("verb", flat=True).distinct()
    return [(verb, sentence_of(verb)) for verb in found]


def list_managed(reader: Reader) -> list[Organisation]:
    """Return the organisations whose webhooks the reader manages. One query."""
    return list(visible_organisations().filter(pk__in=reader.managed).order_by("name", "pk"))


def last_position() -> int:
    """Return where the audit trail ends. Run it as the service role."""
    return AuditLink.objects.order_by("-position").values_list("position", flat=True).first() or 0


_WORK = """
SELECT EXISTS (
    SELECT 1 FROM webhooks_webhook WHERE state <> 'paused'
    AND position < (SELECT max(position) FROM kernel_auditlink)
) OR EXISTS (
    SELECT 1 FROM webhooks_webhookdelivery d JOIN webhooks_webhook w ON w.id = d.webhook_id
    WHERE d.due_at <= %s AND w.state <> 'paused'
)
"""


def has_work(*, now: datetime) -> bool:
    """Whether there is anything to tell or to send. One query; run it as the service role."""
    with connection.cursor() as cursor:
        cursor.execute(_WORK, [now])
        return bool(cursor.fetchone()[0])


def list_due_webhooks(*, now: datetime) -> list[int]:
    """Return webhooks with a message that is due, the longest waiting first. Service role."""
    due = WebhookDelivery.objects.filter(due_at__lte=now).exclude(
        webhook__state=Webhook.State.PAUSED
    )
    waiting = due.values("webhook_id").annotate(first=Min("due_at"))
    return list(waiting.order_by("first", "webhook_id").values_list("webhook_id", flat=True))


@dataclass(frozen=True, slots=True)
class News:
    """New entries for a webhook, by their link, and the position where the reading ended."""

    entries: list[tuple[int, AuditEntry]]
    read_to: int
    is_all: bool


def read_trail(webhook: Webhook, *, since: datetime) -> News:
    """Read the audit trail from a webhook's position, at most `BATCH` links. Two queries.

    A webhook receives what its organisation's managers may read: actions done for the organisation,
    and those in its signed partnerships. Run it as the service role.

    Parameters
    ----------
    since : datetime
        Older entries are skipped.
    """
    links = AuditLink.objects.filter(position__gt=webhook.position).order_by("position")
    found = list(links.values_list("position", "entry_id")[:BATCH])
    wanted = Q(organisation_id=webhook.organisation_id) | Q(
        partnership_id__in=rooms_of(webhook.organisation_id)
    )
    entries = AuditEntry.objects.filter(
        wanted, pk__in=[entry_id for _position, entry_id in found], at__gte=since
    )
    if webhook.verbs:
        entries = entries.filter(verb__in=webhook.verbs)
    by_id = {entry.pk: entry for entry in entries.defer("changes", "why")}
    return News(
        entries=[(position, by_id[pk]) for position, pk in found if pk in by_id],
        read_to=found[-1][0] if found else webhook.position,
        is_all=len(found) < BATCH,
    )
