"""Proposed partners of an organisation, and what it made of them."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models.organisations import Organisation
from proxeny.kernel.holdings import DIRECTORY, NOBODY, Holding
from proxeny.kernel.tenancy import Tenancy

_DECIDED = (
    "organisation_id = ANY {organisations} OR organisation_id IN"
    " (SELECT id FROM directory_organisation WHERE steward_id = ANY {organisations})"
)


class MatchList(models.Model):
    """Whom an organisation should meet, as worked out with the eyes of one person.

    What one person may see of the directory another may not, so that the list is the person's own.
    `proposals` holds for each the organisation's id, the scores and the reasons as data; who is
    not visible any more when the list is shown is left out.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    proposals = models.JSONField(default=list)
    gaps = models.JSONField(default=list)
    considered = models.PositiveIntegerField(default=0)
    basis = models.CharField(max_length=64, blank=True)
    job_id = models.BigIntegerField(null=True)
    computed_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read="person_id = {person}",
        insert="person_id = {person}",
        update="person_id = {person}",
        delete="person_id = {person}",
    )
    holding = Holding(
        DIRECTORY, _("Lists of proposed partners made for you"), about=("person",), goes=True,
        hidden=("proposals", "gaps"),
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person"], name="match_list_once"),
        ]

    def __str__(self) -> str:
        return f"matches of {self.organisation_id}"


class MatchChoice(models.Model):
    """What an organisation made of a proposed partner: wants to meet, or not, and why not."""

    class Verdict(models.TextChoices):
        """The choice."""

        WANTED = "wanted", _("We want to meet")
        REFUSED = "refused", _("Not for us")

    class Why(models.TextChoices):
        """Why not."""

        KNOWN = "known", _("We know each other already")
        FIELD = "field", _("Another field than ours")
        RIVAL = "rival", _("A competitor")
        SIZE = "size", _("Too large or too small for us")
        LATER = "later", _("Not now")
        OTHER = "other", _("Another reason")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="match_choices"
    )
    target = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=7, choices=Verdict)
    why = models.CharField(max_length=6, choices=Why, blank=True)
    features = models.JSONField(default=dict)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(read=_DECIDED, insert=_DECIDED, update=_DECIDED, delete=_DECIDED)
    holding = Holding(DIRECTORY, _("Choices among proposed partners"), by=("person",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "target"], name="match_choice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.verdict} {self.target_id}"


class ProfileVector(models.Model):
    """What an entry asks or offers as a vector of a model of meaning, worked out by a job.

    `digest` is the SHA-256 of the text it was made of; a text that changed has no vector until the
    job comes by. `vector` holds 32-bit floats, little-endian: they are compared in the engine, so
    that no extension of the database is needed.
    """

    class Side(models.TextChoices):
        """Which of the two texts."""

        ASKS = "asks"
        OFFERS = "offers"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="vectors")
    side = models.CharField(max_length=6, choices=Side)
    model = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    vector = models.BinaryField()
    made_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(
        read="EXISTS (SELECT FROM directory_organisation o WHERE o.id = organisation_id)"
    )
    holding = NOBODY

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "side", "model"], name="profile_vector_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.side}"
