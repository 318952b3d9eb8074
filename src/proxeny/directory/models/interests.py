"""Expressions of interest: from a member by its adviser to the other adviser to the owner."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models.listings import Listing
from proxeny.directory.models.organisations import Organisation
from proxeny.kernel.holdings import DIRECTORY, Holding
from proxeny.kernel.tenancy import Tenancy

_SEEN = (
    "organisation_id = ANY {organisations} OR sender_id = ANY {organisations}"
    " OR (passed_at IS NOT NULL AND receiver_id = ANY {organisations})"
    " OR (offered_at IS NOT NULL AND listing_id IN (SELECT proxeny_own_listings()))"
)


class Interest(models.Model):
    """An organisation's interest in an offer or need of another, by fixed questions.

    It goes from the adviser of the asking side (`sender`, the cluster that keeps its entry; none
    if nobody does) to that of the other (`receiver`, the cluster that keeps the listing's), and
    from there to the owner, who accepts or declines. Each sees it from its own step on. Who is
    behind an anonymous listing stands nowhere here: once accepted, the owner's `reply` and
    `reply_contact` say as much as the owner chose.
    """

    class State(models.TextChoices):
        """With whom it lies."""

        ASKED = "asked", _("With the own adviser")
        RETURNED = "returned", _("Sent back with a question")
        PASSED = "passed", _("With the other adviser")
        OFFERED = "offered", _("With the other side")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="interests")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="interests"
    )
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    sender = models.ForeignKey(
        Organisation, null=True, on_delete=models.SET_NULL, related_name="interests_sent"
    )
    receiver = models.ForeignKey(
        Organisation, null=True, on_delete=models.SET_NULL, related_name="interests_received"
    )
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    answers = models.JSONField(default=dict)
    note = models.TextField(max_length=2000, blank=True)
    reply = models.TextField(max_length=2000, blank=True)
    reply_contact = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    passed_at = models.DateTimeField(null=True)
    offered_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        read=_SEEN,
        insert=(
            "organisation_id = ANY {organisations} OR organisation_id IN"
            " (SELECT id FROM directory_organisation WHERE steward_id = ANY {managed})"
        ),
        update=_SEEN,
    )
    holding = Holding(
        DIRECTORY,
        _("Interest in offers and needs: what was asked and answered"),
        by=("person",),
        texts=("answers", "note", "reply", "reply_contact"),
        within=("organisation", "sender", "receiver"),
    )

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "state"]),
            models.Index(fields=["receiver", "state"]),
            models.Index(fields=["sender", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "organisation"],
                condition=models.Q(state__in=["asked", "returned", "passed", "offered"]),
                name="interest_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"interest of {self.organisation_id} in {self.listing_id}"
