"""Partnerships and alliances: parties, agreement and sign-off, and what is shared by consent."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.holdings import COOPERATION, ERASED_NAME, NOBODY, Holding
from proxeny.kernel.tenancy import Definer, Tenancy, define


class Partnership(models.Model):
    """What two clusters (an alliance: more) own together. `lead` proposed it."""

    class State(models.TextChoices):
        """Whether it binds."""

        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed")
        ACTIVE = "active", _("Active")
        ENDED = "ended", _("Ended")
        DECLINED = "declined", _("Declined")

    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("what we want together"), max_length=4000, blank=True)
    lead = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    #: Why it was declined or ended, in the words of who did it.
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        read="id = ANY {partnerships} OR lead_id = ANY {managed} OR id = ANY {circles}",
        insert="lead_id = ANY {managed}",
        update="id = ANY {steered} OR lead_id = ANY {managed}",
        gate_read="true",
    )
    holding = Holding(COOPERATION, _("Partnerships: their free text"), texts=("purpose", "reason"))

    def __str__(self) -> str:
        return self.title


class Party(models.Model):
    """An organisation in a partnership. Sides are lettered in the order of joining: A, B, …"""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="parties"
    )
    side = models.CharField(max_length=1)
    joined_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(
        read="partnership_id = ANY {partnerships} OR partnership_id = ANY {circles}",
        gate_read="true",
    )
    holding = NOBODY

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "organisation"], name="party_once"),
            models.UniqueConstraint(fields=["partnership", "side"], name="party_side_once"),
        ]
        verbose_name_plural = "parties"
        ordering = ["side"]

    def __str__(self) -> str:
        return f"{self.side}: {self.organisation_id}"


class Agreement(models.Model):
    """The text both sides sign; a new version needs new signatures."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="agreements"
    )
    number = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(_("agreement"), max_length=20000)
    text_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(read="partnership_id = ANY {partnerships}")
    holding = Holding(
        COOPERATION,
        _("Texts of agreements"),
        why_kept=_("A signed text stays word for word: its signatures are over these words."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="agreement_number_once")
        ]

    def __str__(self) -> str:
        return f"agreement {self.number} of {self.partnership_id}"


class SignOff(models.Model):
    """One party's signature under one text: who, when, and the hash of what was signed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="sign_offs")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="sign_offs")
    person = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL)
    person_name = models.CharField(max_length=150)
    text_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(
        read=(
            "party_id IN (SELECT id FROM partnerships_party"
            " WHERE partnership_id = ANY {partnerships})"
        ),
    )
    holding = Holding(
        COOPERATION,
        _("Agreements signed"),
        about=("person",),
        names={"person_name": "party__organisation"},
        moment="signed_at",
        personal={"person_name": ERASED_NAME},
        why_kept=_("Kept as long as the agreement. Erasure leaves a signature without a name."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "party"], name="signed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_name} for {self.party_id}"


# A cluster shares what it keeps itself, and no other cluster's member or file.
_OWN = (
    "(member_id IS NULL OR member_id IN (SELECT o.id FROM directory_organisation o"
    " WHERE o.steward_id = partnerships_sharinggrant.organisation_id AND o.visibility <> 'private'))"
    " AND (file_id IS NULL OR file_id IN (SELECT f.id FROM kernel_storedfile f"
    " WHERE f.organisation_id = partnerships_sharinggrant.organisation_id))"
)


class SharingGrant(models.Model):
    """A cluster's consent to show something to a partnership, for a purpose, until a day.

    `list`: its members that are visible to partners. `member`: one member that it keeps, unless
    the entry is private. Either shows the guarded facts that `fields` names to who holds a seat in
    the other side, and to nobody else. `file`: a file of the cluster, to the same.

    Both sides see the grant; withdrawal acts at once.
    """

    class Kind(models.TextChoices):
        """What is shared."""

        LIST = "list", _("Member list")
        MEMBER = "member", _("One member")
        FILE = "file", _("File")

    class Field(models.TextChoices):
        """Guarded facts that a grant may include; see `directory.models.GUARDED`."""

        CONTACT = "contact", _("Contact person")
        EMAIL = "email", _("Contact e-mail")
        EMPLOYEES = "employees", _("Employees")
        FOUNDED = "founded", _("Founded in")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="grants")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.CASCADE, related_name="grants"
    )
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.LIST)
    member = models.ForeignKey(
        "directory.Organisation", null=True, on_delete=models.CASCADE, related_name="+"
    )
    file_id = models.BigIntegerField(null=True)
    file_name = models.CharField(max_length=255, blank=True)
    fields = ArrayField(models.CharField(max_length=12, choices=Field), default=list, blank=True)
    purpose = models.CharField(_("purpose"), max_length=300)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    granted_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read="partnership_id = ANY {partnerships}",
        insert=f"organisation_id = ANY {{managed}} AND partnership_id = ANY {{steered}} AND {_OWN}",
        update=(
            "organisation_id = ANY {managed} AND partnership_id = ANY {partnerships}"
            f" AND (withdrawn_at IS NOT NULL OR {_OWN})"
        ),
        gate_read="true",
    )
    holding = Holding(
        COOPERATION,
        _("What was shared with a partnership"),
        by=("granted_by",),
        texts=("purpose",),
        why_kept=_("Kept: those whose data was shared can ask what was shared, when and why."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "organisation", "kind", "member", "file_id"],
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="grant_once",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="list", member=None, file_id=None)
                    | Q(kind="member", member__isnull=False, file_id=None)
                    | Q(kind="file", member=None, file_id__isnull=False, fields=[])
                ),
                name="grant_of_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["file_id"], condition=Q(kind="file"), name="grant_file")]

    def __str__(self) -> str:
        return f"{self.organisation_id} shares with {self.partnership_id}"

    def is_live(self, *, today: date) -> bool:
        """Whether the grant holds, as far as its own state goes."""
        return self.withdrawn_at is None and (self.ends_on is None or self.ends_on >= today)


# Whom each signed partnership of the reader may introduce: members shared with it today. A row of a
# plan is readable as long as both of its organisations are among them.
define(
    Definer(
        "proxeny_introducible()",
        "TABLE (partnership_id bigint, organisation_id bigint)",
        "SELECT g.partnership_id, o.id FROM public.partnerships_sharinggrant g"
        " JOIN public.directory_organisation o ON o.steward_id = g.organisation_id"
        " AND o.visibility IN ('partnership', 'public')"
        " WHERE g.id = ANY {grants} AND g.kind = 'list'"
        " UNION SELECT g.partnership_id, o.id FROM public.partnerships_sharinggrant g"
        " JOIN public.directory_organisation o ON o.id = g.member_id"
        " AND o.steward_id = g.organisation_id AND o.visibility <> 'private'"
        " WHERE g.id = ANY {grants} AND g.kind = 'member'",
        rows=1000,
    )
)
_STEERED = "partnership_id = ANY {steered}"
_SHARED = "SELECT i.partnership_id, i.organisation_id FROM proxeny_introducible() i"
_BOTH_SHARED = (
    f"(partnership_id, left_id) IN ({_SHARED}) AND (partnership_id, right_id) IN ({_SHARED})"
)


class IntroductionPlan(models.Model):
    """The best set of introductions between the shared members of two parties, worked out once.

    `settings` are the caps and choices it was made under. `value` is the sum of the scores and
    `bound` what no set could exceed; `left_out` counts who got none, by side and reason, and
    `short` names those who cannot have the least that was promised.
    """

    class State(models.TextChoices):
        """What came of it."""

        WORKING = "working", _("Being worked out")
        READY = "ready", _("Ready")
        EMPTY = "empty", _("Nothing to propose")
        INFEASIBLE = "infeasible", _("Cannot be done")

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="introduction_plans"
    )
    left = models.ForeignKey("directory.Organisation", on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey("directory.Organisation", on_delete=models.CASCADE, related_name="+")
    settings = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WORKING)
    reason = models.CharField(max_length=24, blank=True)
    considered = models.JSONField(default=dict)
    left_out = models.JSONField(default=dict)
    short = models.JSONField(default=list)
    value = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    seconds = models.FloatField(null=True)
    job_id = models.BigIntegerField(null=True)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read="partnership_id = ANY {rooms}", insert=_STEERED, update=_STEERED, delete=_STEERED
    )
    holding = Holding(COOPERATION, _("Plans of introductions"), by=("person",))

    class Meta:
        indexes = [models.Index(fields=["partnership", "-created_at"])]

    def __str__(self) -> str:
        return f"introductions {self.pk} of {self.partnership_id}"


class ProposedIntroduction(models.Model):
    """Two members whom a plan would introduce, why, and what was made of it.

    `they_offer` says how well the right member's offers meet the left one's needs, `they_need` the
    reverse; `reasons` are data. Readable while both members are shared with the partnership.
    """

    class State(models.TextChoices):
        """What was made of it."""

        PROPOSED = "proposed", _("To decide")
        KEPT = "kept", _("Kept")
        DROPPED = "dropped", _("Dropped")

    plan = models.ForeignKey(IntroductionPlan, on_delete=models.CASCADE, related_name="rows")
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    left = models.ForeignKey("directory.Organisation", on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey("directory.Organisation", on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    they_offer = models.FloatField(default=0)
    they_need = models.FloatField(default=0)
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read=f"partnership_id = ANY {{rooms}} AND {_BOTH_SHARED}",
        insert=_STEERED,
        update=_STEERED,
        delete=_STEERED,
    )
    holding = Holding(COOPERATION, _("Proposed introductions: who decided"), by=("person",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "left", "right"], name="introduction_once"),
        ]
        indexes = [models.Index(fields=["plan", "-score"])]

    def __str__(self) -> str:
        return f"{self.left_id} and {self.right_id}"
