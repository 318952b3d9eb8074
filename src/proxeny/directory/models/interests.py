"""Expressions of interest: from a member by its adviser to the other adviser to the owner."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models.listings import Listing
from proxeny.directory.models.organisations import Organisation
from proxeny.kernel.personal_data import DIRECTORY, Holding
from proxeny.kernel.tenancy import Tenancy

_SEEN = (
    "organisation_id = ANY {organisations} OR sender_id = ANY {organisations}"
    " OR (passed_at IS NOT NULL AND receiver_id = ANY {organisations})"
    " OR (offered_at IS NOT NULL AND listing_id IN (SELECT proxeny_own_listings()))"
)


class Interest(models.Model):
    """An organisation's interest in an offer or need of another, by fixed questions.

    It goes from the adviser of the asking side (`sender`, the cluster that keeps its entry; null if
    there is none) to that of the other (`receiver`, the cluster that keeps the listing's), and from
    there to the owner, who accepts or declines. Each sees it from their own step on. The
    organisation behind an anonymous listing is recorded nowhere here: after acceptance, the owner's
    `reply` and `reply_contact` reveal as much as the owner chose.
    """

    class State(models.TextChoices):
        """The current holder, or the outcome."""

        ASKED = "asked", _("With the sender’s adviser")
        RETURNED = "returned", _("Returned with a question")
        PASSED = "passed", _("With the other side’s adviser")
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
        _("Interest in offers and needs: questions and answers"),
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
