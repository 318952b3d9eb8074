"""Suggested partners of an organisation, and its choices on them."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models.organisations import Organisation
from proxeny.kernel.personal_data import DIRECTORY, NOBODY, Holding
from proxeny.kernel.tenancy import Tenancy

_DECIDED = (
    "organisation_id = ANY {organisations} OR organisation_id IN"
    " (SELECT id FROM directory_organisation WHERE steward_id = ANY {organisations})"
)


class MatchList(models.Model):
    """Suggested partners of an organisation, calculated with one person's read rights.

    People see different parts of the directory, so each list belongs to one person. `proposals`
    holds for each the organisation's id, the scores and the reasons as data; organisations no
    longer visible when the list is shown are left out.
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
        DIRECTORY,
        _("Lists of partners proposed to you"),
        about=("person",),
        goes=True,
        hidden=("proposals", "gaps"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person"], name="match_list_once"),
        ]

    def __str__(self) -> str:
        return f"matches of {self.organisation_id}"


class MatchChoice(models.Model):
    """An organisation's choice on a suggested partner: to meet or not, and the reason."""

    class Verdict(models.TextChoices):
        """The choice."""

        WANTED = "wanted", _("We want to meet")
        REFUSED = "refused", _("Not for us")

    class Why(models.TextChoices):
        """The reason for a refusal."""

        KNOWN = "known", _("We already know each other")
        FIELD = "field", _("A different field from ours")
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
    holding = Holding(DIRECTORY, _("Choices on proposed partners"), by=("person",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "target"], name="match_choice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.verdict} {self.target_id}"


class ProfileVector(models.Model):
    """The needs or offers of an entry as a vector of a language model, calculated by a job.

    `digest` is the SHA-256 of the source text; a changed text has no vector until the job has run
    again. `vector` holds 32-bit floats, little-endian: they are compared in the engine, so that no
    extension of the database is needed.
    """

    class Side(models.TextChoices):
        """The source text of the vector."""

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
