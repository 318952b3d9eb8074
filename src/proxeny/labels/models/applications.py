"""Applications: drafts, submissions, documents, and questions to applicants."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.kernel.personal_data import COOPERATION, ERASED_NAME, Holding
from proxeny.kernel.tenancy import Definer, Tenancy, define
from proxeny.labels.models.rounds import Round
from proxeny.labels.models.schemes import LANGUAGES, SchemeVersion
from proxeny.partnerships.models.core import Partnership

# What the reader judges: assigned to them, for a cluster whose seat they still hold (a juror's seat
# opens nothing else), without a conflict of interest, and never of an organisation of their own.
_SEATS = (
    "(SELECT seat.organisation_id FROM public.accounts_seat seat"
    " WHERE seat.person_id = {person} AND seat.starts_on <= CURRENT_DATE"
    " AND (seat.ends_on IS NULL OR seat.ends_on >= CURRENT_DATE))"
)
_CONFLICT = (
    " AND NOT EXISTS (SELECT 1 FROM public.partnerships_interest declared"
    " WHERE declared.person_id = {person} AND declared.subject = 'application'"
    " AND declared.subject_id = asked.id AND declared.conflicts)"
)
_JUDGED = (
    " FROM public.labels_assignment given"
    " JOIN public.labels_juror judge ON judge.id = given.juror_id"
    " JOIN public.partnerships_party side ON side.id = judge.party_id"
    " JOIN public.labels_application asked ON asked.id = given.application_id"
    " WHERE given.person_id = {person} AND given.state <> 'abstained' AND judge.state = 'in'"
    " AND side.state = 'joined'"
    f" AND side.organisation_id IN {_SEATS} AND asked.organisation_id NOT IN {_SEATS}{_CONFLICT}"
)
define(
    Definer("proxeny_judged()", "SETOF bigint", f"SELECT given.application_id{_JUDGED}", rows=50)
)
_DISCUSSED = (
    " AND EXISTS (SELECT 1 FROM public.labels_round held"
    " WHERE held.id = given.round_id AND held.state IN ('discussing', 'decided'))"
    # Who reads it anew after an appeal does not know how it came out before.
    " AND (NOT given.is_appeal OR given.frozen_at IS NOT NULL)"
)
# Of these, those of which the jurors read each other's scores: they discuss them, or have decided.
define(
    Definer(
        "proxeny_discussed()",
        "SETOF bigint",
        f"SELECT given.application_id{_JUDGED}{_DISCUSSED}",
        rows=50,
    )
)
# The reader's own assignments in which scores can still be written.
define(
    Definer(
        "proxeny_scoring()",
        "SETOF bigint",
        f"SELECT given.id{_JUDGED} AND given.frozen_at IS NULL",
        rows=50,
    )
)

#: Who is asked reads its own; the managers of the clusters, once it was submitted and unless they
#: have a conflict of interest.
OWN = "organisation_id = ANY {organisations}"
TEAM = (
    "partnership_id = ANY {steered} AND submitted_at IS NOT NULL"
    " AND id NOT IN (SELECT proxeny_walled('application'))"
)
#: Readers of the application itself.
OF_IT = "application_id IN (SELECT id FROM labels_application)"
JUDGED = "application_id IN (SELECT proxeny_judged())"
#: The managers of the clusters who read it, but not as their own organisation's.
MANAGED = (
    "(partnership_id = ANY {steered} AND application_id IN"
    " (SELECT id FROM labels_application WHERE NOT organisation_id = ANY {organisations}))"
)


class Application(models.Model):
    """A project's application for a label in a round, by an organisation.

    `country` is its origin for quotas; `confirmed` are the keys of the conditions it confirms.
    Jurors read the `Submission`, never this row: it names the applicant. `renews` is the award that
    it would follow, `changed` the changes since. `eligible` is the clusters' finding, with the
    reason; empty: not checked.
    """

    class State(models.TextChoices):
        """The state of the application."""

        DRAFT = "draft", pgettext_lazy("an application", "Draft")
        SUBMITTED = "submitted", pgettext_lazy("an application", "Submitted")
        WITHDRAWN = "withdrawn", pgettext_lazy("an application", "Withdrawn")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="applications")
    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    title = models.CharField(_("project"), max_length=200)
    summary = models.TextField(_("in a few sentences"), max_length=3000, blank=True)
    country = models.CharField(_("country of origin"), max_length=2)
    website = models.CharField(_("website"), max_length=300, blank=True)
    topics = models.CharField(_("fields"), max_length=300, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=150, blank=True)
    contact_email = models.EmailField(_("their email address"), blank=True)
    language = models.CharField(_("language"), max_length=2, default="en", choices=LANGUAGES)
    confirmed = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    submitted_at = models.DateTimeField(null=True)
    eligible = models.BooleanField(_("eligible"), null=True)
    eligible_why = models.CharField(_("why"), max_length=500, blank=True)
    paid_on = models.DateField(_("fee paid on"), null=True, blank=True)
    renews = models.ForeignKey(
        "labels.Award", null=True, on_delete=models.PROTECT, related_name="renewals"
    )
    changed = models.TextField(_("what has changed since"), max_length=4000, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(read=f"{OWN} OR ({TEAM})", insert=OWN, update=OWN, delete=None)
    holding = Holding(
        COOPERATION,
        _("Applications for a label, and their contacts"),
        by=("person",),
        addresses={"contact_email": "organisation"},
        names={"contact_name": "organisation"},
        texts=("title", "summary", "topics", "changed", "eligible_why"),
        moment="created_at",
        personal={"contact_name": ERASED_NAME, "contact_email": ""},
        why_kept=_("Kept: who applied and what was decided. Erasure removes the name and address."),
    )

    class Meta:
        indexes = [
            models.Index(fields=["round", "state"]),
            models.Index(fields=["organisation"]),
            models.Index(fields=["partnership"]),
            models.Index(fields=["contact_email"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False),
                name="application_submitted_once_it_is",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Answer(models.Model):
    """An applicant's statement on one indicator, and the points it gives itself."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="answers")
    indicator = models.CharField(max_length=24)
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    text = models.TextField(max_length=6000, blank=True)
    saved_at = models.DateTimeField()

    tenancy = Tenancy(
        read=OF_IT,
        insert="application_id IN (SELECT proxeny_own_applications())",
        update="application_id IN (SELECT proxeny_own_applications())",
    )
    holding = Holding(COOPERATION, _("Answers in applications for a label"), texts=("text",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "indicator"], name="label_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator} of {self.application_id}"


define(
    Definer(
        "proxeny_own_applications()",
        "SETOF bigint",
        "SELECT id FROM public.labels_application WHERE organisation_id = ANY {organisations}",
        rows=10,
    )
)


class Submission(models.Model):
    """The exact text of a submission, with its receipt, as the jury reads it.

    `content` is plain data, as `content.Dossier` reads it; it does not name the applicant if the
    scheme is anonymous. `number` is its number in the round, `digest` the SHA-256 of the content in
    its canonical form.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="submissions")
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="submissions"
    )
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read=f"{OF_IT} OR ({JUDGED} AND withdrawn_at IS NULL)",
        insert="application_id IN (SELECT proxeny_own_applications())",
        update="application_id IN (SELECT proxeny_own_applications())",
    )
    holding = Holding(
        COOPERATION,
        _("Applications for a label as they were submitted"),
        by=("person",),
        copies=("content",),
        within=("application__organisation",),
        moment="submitted_at",
        why_kept=_("Kept: what the jury judged. Erasure removes the names."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="submission_number_once"),
            # Two who submit at once, or one who clicks twice, hand in once.
            models.UniqueConstraint(
                fields=["application"], condition=Q(withdrawn_at=None), name="submission_once"
            ),
        ]

    def __str__(self) -> str:
        return f"submission {self.number} of {self.round_id}"


class DocumentManager(models.Manager["Document"]):
    """Leaves the bytes in the database: no page shows them."""

    def get_queryset(self) -> models.QuerySet["Document"]:
        """Return all documents that the reader's role may see."""
        return super().get_queryset().defer("content")


class Document(models.Model):
    """A document with an application; `indicator` is what it is evidence for, or empty.

    Jurors get it by its number, not its name. One that was submitted stays; taken away from a draft
    it is `dropped_at`.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="documents")
    indicator = models.CharField(max_length=24, blank=True)
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    brought_at = models.DateTimeField(db_default=Now())
    dropped_at = models.DateTimeField(null=True)

    objects = DocumentManager()

    tenancy = Tenancy(
        read=f"{OF_IT} OR {JUDGED}",
        insert="application_id IN (SELECT proxeny_own_applications())",
        update="application_id IN (SELECT proxeny_own_applications())",
    )
    holding = Holding(
        COOPERATION,
        _("Documents uploaded to applications"),
        by=("person",),
        copies=("name",),
        within=("application__organisation",),
        hidden=("content",),
        moment="brought_at",
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="document_number_once")
        ]

    def __str__(self) -> str:
        return f"document {self.number} of {self.application_id}"


class Question(models.Model):
    """A question about an application, and its answer.

    The clusters ask the applicant (with `asks_jury` empty); jurors' questions go to the clusters
    first, who make sure that the asking juror stays anonymous.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="questions")
    indicator = models.CharField(max_length=24, blank=True)
    text = models.TextField(_("question"), max_length=2000)
    asked_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    passed_on_at = models.DateTimeField(null=True)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        # Who applies reads a question once the clusters have passed it on.
        read=(
            "(application_id IN (SELECT proxeny_own_applications()) AND passed_on_at IS NOT NULL)"
            f" OR (partnership_id = ANY {{steered}} AND {OF_IT}) OR {JUDGED}"
        )
    )
    holding = Holding(
        COOPERATION,
        _("Questions about applications for a label"),
        by=("asked_by",),
        texts=("text", "answer"),
        moment="asked_at",
    )

    class Meta:
        indexes = [models.Index(fields=["application"])]

    def __str__(self) -> str:
        return f"question about {self.application_id}"
