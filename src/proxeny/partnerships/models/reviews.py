"""The health review, and the one register of recommendations."""

from dataclasses import replace

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, NOBODY, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.partnerships.models.core import Partnership, Party
from proxeny.partnerships.models.records import RoomRecord, in_room


class HealthReview(models.Model):
    """Health review: a period in which each person answers alone; then all answers are shown.

    `answered` counts the people who have answered, by party; the answers stay hidden.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="reviews")
    opened_at = models.DateTimeField(db_default=Now())
    due_on = models.DateField(_("answers due by"))
    shown_at = models.DateTimeField(null=True)
    answered = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        read="partnership_id = ANY {rooms}",
        insert="partnership_id = ANY {steered}",
        update="partnership_id = ANY {steered}",
    )
    holding = NOBODY

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership"], condition=Q(shown_at=None), name="one_open_review"
            )
        ]

    def __str__(self) -> str:
        return f"review of {self.partnership_id}"


class HealthAnswer(models.Model):
    """Answer of one person on one factor. Nobody else reads it before the review is shown.

    Then both sides read it as an answer of its party; the name stays hidden.
    """

    review = models.ForeignKey(HealthReview, on_delete=models.CASCADE, related_name="answers")
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    factor = models.CharField(max_length=24)
    value = models.PositiveSmallIntegerField(null=True)
    comment = models.CharField(_("remark"), max_length=1000, blank=True)

    tenancy = Tenancy(
        read=(
            "partnership_id = ANY {rooms} AND (person_id = {person} OR review_id IN"
            " (SELECT id FROM partnerships_healthreview WHERE shown_at IS NOT NULL))"
        ),
        hidden_columns=("person_id",),
    )
    holding = Holding(
        COOPERATION,
        _("Answers to health reviews"),
        about=("person",),
        personal={"person": None},
        texts=("comment",),
        why_kept=_(
            "Kept: they show how the partnership was seen. On erasure, the answer stays without "
            "a name."
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "person", "factor"], name="answer_once"),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__range=(1, 5)), name="answer_from_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.factor}: {self.value}"


class Recommendation(RoomRecord):
    """Recommendation to the parties, and its state.

    Without evidence or addressee it stays a draft. `adoption` is the proof that it is done.
    """

    class Source(models.TextChoices):
        """Source of the recommendation."""

        ROOM = "room", _("The partners")
        REVIEW = "review", _("Health review")
        FUNDING = "funding", _("Stress test")
        ASSESSMENT = "assessment", _("Market assessment")
        STUDY = "study", _("Study")

    class State(models.TextChoices):
        """State of the recommendation."""

        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed")
        ACCEPTED = "accepted", _("Accepted")
        AMENDED = "amended", _("Accepted with changes")
        REFUSED = "refused", _("Rejected")
        DOING = "doing", _("In progress")
        ADOPTED = "adopted", _("Adopted")
        DROPPED = "dropped", _("Dropped")

    class Addressee(models.TextChoices):
        """Addressee, when it is not one party."""

        ALL = "all", _("All parties")
        ONE = "one", _("One party")
        COMPANY = "org", _("A company")

    title = models.CharField(_("recommendation"), max_length=200)
    details = models.TextField(_("why, and how"), max_length=4000, blank=True)
    source = models.CharField(max_length=10, choices=Source, default=Source.ROOM)
    #: The review, study or assessment it comes from; the rule of a drafted one.
    source_id = models.BigIntegerField(null=True)
    rule = models.CharField(max_length=24, blank=True)
    addressee = models.CharField(_("who should act"), max_length=3, choices=Addressee, blank=True)
    party = models.ForeignKey(
        Party,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("party"),
    )
    #: The company that is to act: the client of an assessment.
    organisation = models.ForeignKey(
        "directory.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("company"),
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    decided_on = models.DateField(_("decided on"), null=True)
    #: Whether the text that waits for all parties, or was accepted by them, has changes, given in
    #: the reason.
    is_amended = models.BooleanField(default=False)
    #: Whose no it was: of all parties that are to act, one is enough.
    refused_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    adoption = models.TextField(
        _("how it is done, and where to see it"), max_length=2000, blank=True
    )
    adopted_on = models.DateField(_("done on"), null=True)

    # A company reads its recommendations once they are proposed; those of an assessment are hidden
    # from people with a conflict of interest there.
    tenancy = replace(
        in_room(),
        read=(
            "(partnership_id = ANY {rooms} AND NOT (source = 'assessment' AND source_id IN"
            " (SELECT proxeny_walled('assessment'))))"
            " OR (organisation_id = ANY {organisations} AND state <> 'draft')"
        ),
    )
    holding = Holding(
        COOPERATION,
        _("Recommendations: their free text"),
        texts=("title", "details", "reason", "adoption"),
    )

    class Meta:
        indexes = [models.Index(fields=["partnership", "state"])]

    def __str__(self) -> str:
        return self.title


class Evidence(models.Model):
    """Evidence for a recommendation.

    `target` and `target_id` name the record that contains it, if that is one of ours (see
    `partnerships.evidence`), and `place` the part of it: rows of a table, a page.
    """

    class Kind(models.TextChoices):
        """Kind of evidence."""

        ANSWER = "answer", _("Answers of a health review")
        FIGURE = "figure", _("A figure")
        MEETING = "meeting", _("A meeting")
        DOCUMENT = "document", _("A document")
        DATA = "data", _("A data package")
        FINDING = "finding", _("A finding")
        INTERVIEW = "interview", _("An interview")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, related_name="evidence"
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    text = models.CharField(_("what it shows"), max_length=500)
    url = models.URLField(_("where to find it"), max_length=500, blank=True)
    target = models.CharField(max_length=40, blank=True)
    target_id = models.BigIntegerField(null=True)
    place = models.CharField(_("where in the source"), max_length=120, blank=True)

    # Passes the policy of the recommendation.
    tenancy = replace(
        in_room(), read="recommendation_id IN (SELECT id FROM partnerships_recommendation)"
    )
    holding = Holding(COOPERATION, _("Evidence: its free text"), texts=("text",))

    class Meta:
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return self.text
