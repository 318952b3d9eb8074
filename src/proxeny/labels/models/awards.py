"""Awards, the keys that sign them, and their later life."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.kernel.personal_data import COOPERATION, NOBODY, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.labels.models.applications import Application
from proxeny.labels.models.decisions import Decision
from proxeny.labels.models.schemes import Scheme, SchemeVersion
from proxeny.partnerships.models.core import Partnership


class IssuerKey(models.Model):
    """A cluster's key pair (Ed25519): `public` as Multikey, `sealed` as its `store` keeps it.

    Earlier signatures of a retired key remain valid. All signatures of a lost key are void,
    whenever they were made, and are made again. A key is never archived: awards name it.
    """

    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    number = models.PositiveSmallIntegerField()
    public = models.CharField(max_length=80, unique=True)
    store = models.CharField(max_length=40)
    sealed = models.BinaryField()
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    why = models.CharField(_("why"), max_length=300, blank=True)

    # Everybody reads what is needed to check a signature; nobody but the service what signs.
    tenancy = Tenancy(read="true", hidden_columns=("sealed",))
    holding = Holding(
        COOPERATION,
        _("Cluster keys: why a key was taken out of use"),
        texts=("why",),
        hidden=("sealed",),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="issuer_key_once"),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(retired_at=None, lost_at=None),
                name="issuer_key_one_current",
            ),
        ]

    def __str__(self) -> str:
        return f"key {self.number} of {self.organisation_id}"


class StatusList(models.Model):
    """The revocations of a label's awards: 131,072 bits, and the credential that publishes them.

    `taken` places are given to awards; the next award gets the next one.
    """

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="status_lists")
    number = models.PositiveSmallIntegerField()
    taken = models.PositiveIntegerField(default=0)
    bits = models.BinaryField()
    credential = models.JSONField(null=True)
    signed_at = models.DateTimeField(null=True)

    # Everybody checks awards.
    tenancy = Tenancy(read="true")
    holding = NOBODY

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="status_list_once")
        ]

    def __str__(self) -> str:
        return f"status list {self.number} of {self.scheme_id}"


class Award(models.Model):
    """An award: its public facts, and the credential that proves it.

    `credential` is complete once all sides have signed (`issued_at`). `replaces` is the award that
    it follows: renewed, or in another name. `code` ends its address. Everything here is public from
    then on; an organisation shown by name is stored as `holder`.
    """

    class Why(models.TextChoices):
        """The reason for the award."""

        ROUND = "round", _("Chosen in a round")
        RENEWAL = "renewal", _("Renewed")
        NAME = "name", _("Name change")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="awards")
    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(
        Application, null=True, on_delete=models.PROTECT, related_name="awards"
    )
    decision = models.ForeignKey(
        Decision, null=True, on_delete=models.PROTECT, related_name="awards"
    )
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    why = models.CharField(max_length=7, choices=Why, default=Why.ROUND)
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    code = models.CharField(max_length=32, unique=True)
    holder = models.CharField(_("holder"), max_length=200)
    title = models.CharField(_("project"), max_length=200)
    summary = models.TextField(max_length=3000, blank=True)
    country = models.CharField(max_length=2)
    topics = models.CharField(max_length=300, blank=True)
    website = models.CharField(max_length=300, blank=True)
    level = models.CharField(max_length=24, blank=True)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="+")
    status_index = models.PositiveIntegerField()
    credential = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())
    issued_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=500, blank=True)
    reminded_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read="issued_at IS NOT NULL OR partnership_id = ANY {steered}",
        insert="partnership_id = ANY {steered}",
        update="partnership_id = ANY {steered}",
    )
    holding = Holding(
        COOPERATION,
        _("Awards of labels"),
        texts=("title", "summary", "holder", "revoked_why"),
        why_kept=_("Kept: who was awarded what remains on record as long as the label does."),
    )

    class Meta:
        indexes = [
            models.Index(fields=["scheme", "issued_at"]),
            models.Index(fields=["organisation"]),
            models.Index(fields=["valid_until"]),
            models.Index(fields=["partnership"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="award_status_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=models.F("valid_from")), name="award_from_to"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"


class Revocation(models.Model):
    """A revocation of an award: its public reason, effective once all sides have signed."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="revocations")
    reason = models.CharField(_("public reason"), max_length=500)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()

    tenancy = Tenancy(
        read="partnership_id = ANY {steered}",
        insert="partnership_id = ANY {steered}",
        update="partnership_id = ANY {steered}",
    )
    holding = Holding(
        COOPERATION,
        _("Why an award should no longer be valid"),
        by=("person",),
        texts=("reason",),
        moment="asked_at",
    )

    class Meta:
        indexes = [models.Index(fields=["award"])]

    def __str__(self) -> str:
        return f"revocation of {self.award_id}"


class Checkup(models.Model):
    """Whether an awarded project still is what it was awarded for, and what it went on to achieve.

    The clusters ask by `due_on`, the holder answers, the clusters look at it. What was achieved has
    a `kind`, and a figure where it has one (`amount`, in `currency` for sums).
    """

    class Kind(models.TextChoices):
        """The kind of achievement."""

        CUSTOMERS = "customers", _("Customers abroad")
        FUNDING = "funding", _("Money raised")
        JOBS = "jobs", _("Jobs")
        PARTNERS = "partners", _("Partners")
        MARKET = "market", _("New market")
        OTHER = "other", _("Something else")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="checkups")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(_("answer by"))
    asked_at = models.DateTimeField()
    still_holds = models.BooleanField(_("still matches what it was awarded for"), null=True)
    changed = models.TextField(_("what has changed"), max_length=4000, blank=True)
    achieved = models.TextField(_("what it has achieved since"), max_length=4000, blank=True)
    kind = models.CharField(_("type of success"), max_length=9, choices=Kind, blank=True)
    amount = models.DecimalField(
        _("figure"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    proof_url = models.CharField(_("where to read about it"), max_length=500, blank=True)
    is_public = models.BooleanField(_("may be shown on the public page"), default=False)
    answered_at = models.DateTimeField(null=True)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reminded_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    review = models.CharField(
        pgettext_lazy("a check-up", "the clusters’ response"), max_length=500, blank=True
    )

    tenancy = Tenancy(
        # What the holder lets be told, and the clusters have looked at, everybody reads.
        read=(
            "partnership_id = ANY {steered} OR organisation_id = ANY {organisations}"
            " OR (is_public AND reviewed_at IS NOT NULL)"
        ),
        insert="partnership_id = ANY {steered}",
        update="partnership_id = ANY {steered} OR organisation_id = ANY {organisations}",
    )
    holding = Holding(
        COOPERATION,
        _("What became of awarded projects"),
        by=("person",),
        texts=("changed", "achieved", "review"),
        moment="asked_at",
    )

    class Meta:
        indexes = [models.Index(fields=["award"]), models.Index(fields=["organisation"])]

    def __str__(self) -> str:
        return f"check-up of {self.award_id}"
