"""Webhooks and their deliveries, past and pending."""

from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.kernel.personal_data import PROGRAMS, Holding, Keep
from proxeny.kernel.tenancy import Tenancy

URL_LENGTH = 500
DESCRIPTION_LENGTH = 200
VERB_LENGTH = 80


class Webhook(models.Model):
    """An address that receives an organisation's events.

    The audit trail is its outbox: `position` is the link of the trail's chain up to which the
    webhook has read. What it signs with is worked out from the installation's secret key and
    `nonce` (see `signing`), so that nothing secret lies in this table.
    """

    class State(models.TextChoices):
        """Whether it is delivered to."""

        ACTIVE = "active", pgettext_lazy("webhook", "Active")
        FAILING = "failing", _("Not responding")
        PAUSED = "paused", _("Paused")

    class Halt(models.TextChoices):
        """The reason for a pause."""

        BY_HAND = "by_hand", _("Paused by a manager")
        FAILURES = "failures", _("No response for five days")
        GONE = "gone", _("Responded that it no longer exists (410)")

    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.CASCADE, related_name="webhooks"
    )
    url = models.CharField(_("address"), max_length=URL_LENGTH)
    description = models.CharField(_("description"), max_length=DESCRIPTION_LENGTH, blank=True)
    #: Operations it hears of; empty means all.
    verbs = ArrayField(
        models.CharField(max_length=VERB_LENGTH),
        verbose_name=_("events it receives"),
        default=list,
        blank=True,
    )
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    halt = models.CharField(max_length=8, choices=Halt, blank=True)
    nonce = models.CharField(max_length=43)
    former_nonce = models.CharField(max_length=43, blank=True)
    #: Until when the former secret signs too.
    former_until = models.DateTimeField(null=True)
    position = models.BigIntegerField()
    #: Since when no delivery has succeeded; null after a success.
    failing_since = models.DateTimeField(null=True)
    made_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        read="organisation_id = ANY {managed}",
        insert="organisation_id = ANY {managed}",
        update="organisation_id = ANY {managed}",
        delete="organisation_id = ANY {managed}",
    )
    holding = Holding(
        PROGRAMS,
        what=_("Webhooks added"),
        by=("made_by",),
        texts=("description",),
        hidden=("nonce", "former_nonce", "position"),
        why_kept=_("As long as a manager of the organisation keeps it."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "url"], name="webhook_address_once")
        ]

    def __str__(self) -> str:
        return f"webhook {self.pk}"

    @property
    def host(self) -> str:
        """The host of its address."""
        return urlsplit(self.url).netloc


class WebhookDelivery(models.Model):
    """One message to one webhook, with its outcome.

    `due_at` is the time of the next attempt, and null once there is none. The sender holds it until
    `taken_until`; if a sender dies, its hold expires.
    """

    class Outcome(models.TextChoices):
        """The outcome of the last attempt."""

        NONE = "", _("Not sent yet")
        DELIVERED = "delivered", _("Delivered")
        STATUS = "status", _("The response was not a success")
        REDIRECT = "redirect", _("The response was a redirect, which isn’t followed")
        TIMEOUT = "timeout", _("No response within ten seconds")
        CONNECTION = "connection", _("No connection")
        CERTIFICATE = "certificate", _("The certificate isn’t valid")
        ADDRESS = "address", _("The address isn’t on the public internet")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=64)
    #: The link of the audit trail it tells of; null for a test.
    position = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=VERB_LENGTH)
    #: Kept as text, so that each attempt sends the same bytes.
    body = models.TextField()
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    taken_until = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    status_code = models.PositiveSmallIntegerField(null=True)
    #: The beginning of the response.
    answer = models.CharField(max_length=500, blank=True)
    delivered_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(
        # Passes the webhook's own policy.
        read="webhook_id IN (SELECT id FROM webhooks_webhook)",
    )
    # Ids and the kind of an action; for details, the receiver needs access of its own.
    holding = Holding(
        PROGRAMS,
        _("Messages to webhooks"),
        # A message holds numbers; what a receiver answers may hold anything.
        copies=("answer",),
        within=("webhook__organisation",),
        keep=(Keep(30, since="created_at"),),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "message_id"], name="message_once")
        ]
        indexes = [
            models.Index(
                fields=["webhook", "due_at"],
                condition=Q(due_at__isnull=False),
                name="webhook_due",
            ),
            models.Index(fields=["webhook", "-id"], name="webhook_log"),
            models.Index(fields=["created_at"], name="webhook_delivery_age"),
        ]
        verbose_name_plural = "webhook deliveries"

    def __str__(self) -> str:
        return self.message_id

    @property
    def state(self) -> str:
        """`delivered`, `failed` (given up) or `waiting`."""
        if self.delivered_at is not None:
            return "delivered"
        return "failed" if self.dropped_at is not None else "waiting"
