"""Templates for working on market questions, and lessons learned."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.assessments.models.catalogue import Question
from proxeny.kernel.personal_data import COOPERATION, NOBODY, Holding
from proxeny.partnerships.models.records import in_room


class Template(models.Model):
    """A partnership's own template for a market question, begun from the default one.

    Changes apply to the template; engagements keep the version they began with.
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
        """The kind of item."""

        QUESTION = "question", _("Question in the request")
        STEP = "step", _("Step in the plan")
        CHAPTER = "chapter", _("Chapter in the report")

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
    holding = Holding(COOPERATION, _("Templates: texts"), texts=("text",))

    class Meta:
        ordering = ["kind", "order"]

    def __str__(self) -> str:
        return self.text


class Lesson(models.Model):
    """A team's lesson from an engagement on its market question; `applied_at` in the template.

    It names no client: the template is read in every later engagement.
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
        COOPERATION,
        _("Lessons from assessments"),
        by=("written_by",),
        texts=("text",),
        moment="created_at",
    )

    class Meta:
        indexes = [models.Index(fields=["partnership", "question"])]

    def __str__(self) -> str:
        return self.text
