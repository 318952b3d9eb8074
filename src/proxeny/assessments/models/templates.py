"""How a market question is worked on, and what was learned from doing so."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.assessments.models.catalogue import Question
from proxeny.kernel.holdings import COOPERATION, NOBODY, Holding
from proxeny.partnerships.models.records import in_room


class Template(models.Model):
    """How a partnership works on a market question: its own, begun from ours.

    A change is made on the template; engagements keep what they began with.
    """

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    question = models.CharField(max_length=10, choices=Question)
    changed_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    tenancy = in_room()
    holding = NOBODY

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "question"], name="template_once")
        ]

    def __str__(self) -> str:
        return f"template {self.question}"


class TemplateItem(models.Model):
    """A question asked at the request, a step of the plan, or a chapter that findings belong to."""

    class Kind(models.TextChoices):
        """What it is."""

        QUESTION = "question", _("Question at the request")
        STEP = "step", _("Step of the plan")
        CHAPTER = "chapter", _("Chapter of the report")

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="items")
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    order = models.PositiveSmallIntegerField()
    text = models.CharField(_("text"), max_length=300)
    #: For a step: so many days after the brief is signed.
    after_days = models.PositiveSmallIntegerField(_("days after the brief"), null=True, blank=True)

    tenancy = in_room()
    holding = Holding(COOPERATION, _("Templates: their texts"), texts=("text",))

    class Meta:
        ordering = ["kind", "order"]

    def __str__(self) -> str:
        return self.text


class Lesson(models.Model):
    """What a team learned in an engagement about working on its question; `applied_at` in the template.

    It names no client: the template is read in every engagement after it.
    """

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    engagement = models.ForeignKey(
        "assessments.Engagement", null=True, on_delete=models.SET_NULL, related_name="lessons"
    )
    question = models.CharField(max_length=10, choices=Question)
    text = models.CharField(_("what we learned"), max_length=1000)
    written_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    applied_at = models.DateTimeField(null=True)

    tenancy = in_room()
    holding = Holding(
        COOPERATION, _("Lessons from assessments"), by=("written_by",), texts=("text",),
        moment="created_at",
    )  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["partnership", "question"])]

    def __str__(self) -> str:
        return self.text
