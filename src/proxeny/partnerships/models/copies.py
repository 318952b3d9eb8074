"""Public copies of content that all sides agreed to show, as it was signed."""

from django.db import models
from django.db.models.functions import Now

from proxeny.kernel.tenancy import Tenancy


class SignedCopy(models.Model):
    """Public copy of content of a room, as all sides signed it.

    Strangers read nothing of the room itself. `content` is plain data. Later work in the room
    changes nothing here: a new copy does, with new signatures. All published copies of one thing
    have one `slug`.
    """

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=2)
    content = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=500, blank=True)

    # A withdrawn copy stays known: the fact and the reason, and no more.
    tenancy = Tenancy(
        read="partnership_id = ANY {rooms} OR published_at IS NOT NULL",
        insert="partnership_id = ANY {steered}",
        update="partnership_id = ANY {steered}",
    )

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["slug"]), models.Index(fields=["-published_at"])]

    def __str__(self) -> str:
        return f"{self.slug} {self.number}"
