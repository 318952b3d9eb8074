"""Documents of a bid, each with its versions."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.bids.models.bids import Bid
from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.partnerships.models.core import Partnership
from proxeny.partnerships.models.records import RoomRecord, in_room


class Paper(RoomRecord):
    """A document of a bid; its content is in its versions."""

    class Kind(models.TextChoices):
        """The purpose of the document."""

        PROPOSAL = "proposal", _("Proposal text")
        ANNEX = "annex", _("Annex")
        LETTER = "letter", _("Letter of support")
        AGREEMENT = "agreement", _("Consortium agreement")
        OTHER = "other", _("Something else")

    bid = models.ForeignKey(Bid, on_delete=models.CASCADE, related_name="papers")
    title = models.CharField(_("document"), max_length=200)
    kind = models.CharField(_("what it is"), max_length=9, choices=Kind, default=Kind.PROPOSAL)
    note = models.CharField(_("remark"), max_length=300, blank=True)
    is_required = models.BooleanField(_("required for submission"), default=False)

    tenancy = in_room()
    holding = Holding(COOPERATION, _("Titles of bid documents"), texts=("title", "note"))

    class Meta:
        indexes = [models.Index(fields=["bid"])]

    def __str__(self) -> str:
        return self.title


class PaperVersionManager(models.Manager["PaperVersion"]):
    """Leaves the bytes in the database: no page shows them."""

    def get_queryset(self) -> models.QuerySet["PaperVersion"]:
        """Return all versions that the reader's role may see."""
        return super().get_queryset().defer("content")


class PaperVersion(models.Model):
    """One uploaded version of a document; it never changes."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    note = models.CharField(_("what is new"), max_length=300, blank=True)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    brought_at = models.DateTimeField(db_default=Now())

    objects = PaperVersionManager()

    tenancy = in_room()
    holding = Holding(
        COOPERATION,
        _("Bid documents they uploaded"),
        by=("person",),
        texts=("note",),
        copies=("name",),
        hidden=("content",),
        rooms=("partnership",),
        moment="brought_at",
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="paper_version_once")
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.paper_id}"
