"""The public side of studies: publications, requests for data, and uses of it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, ERASED_NAME, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.partnerships.models.copies import SignedCopy
from proxeny.research.models.packages import Package
from proxeny.research.models.studies import Study


class Publication(SignedCopy):
    """A study as all sides let it be seen; `content` is the study as `research.content` writes it."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="publications")

    holding = Holding(
        COOPERATION,
        _("Studies as published"),
        texts=("title",),
        why_kept=_("Kept: others cite what was published word for word."),
    )

    class Meta(SignedCopy.Meta):
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="publication_once"),
            models.UniqueConstraint(fields=["slug", "number"], name="publication_slug_once"),
        ]


class DataRequest(models.Model):
    """A request for the files of a package, with consent to its terms.

    If it is granted, the requester gets a link by mail, of which only the digest is stored.
    """

    class State(models.TextChoices):
        """The state of the request."""

        ASKED = "asked", _("Asked")
        GRANTED = "granted", _("Access granted")
        REFUSED = "refused", _("Rejected")

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="requests")
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("your name"), max_length=150)
    organisation = models.CharField(_("your organisation"), max_length=200)
    email = models.EmailField(_("your email address"))
    purpose = models.TextField(_("how you’ll use the data"), max_length=2000)
    terms = models.TextField(max_length=4000)
    language = models.CharField(max_length=2, default="en")
    asked_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=7, choices=State, default=State.ASKED)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    until = models.DateField(_("until"), null=True)
    token_digest = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    # Asked by strangers, decided by managers and ambassadors: Proxeny writes it after it has looked.
    tenancy = Tenancy(read="partnership_id = ANY {rooms}")
    holding = Holding(
        COOPERATION,
        _("Requests for research data"),
        by=("decided_by",),
        addresses={"email": ""},
        personal={"name": ERASED_NAME, "email": ""},
        texts=("organisation", "purpose", "reason"),
        moment="asked_at",
        why_kept=_("Kept: who agreed to which terms, for as long as the data exists."),
    )

    class Meta:
        indexes = [
            models.Index(fields=["package", "-asked_at"]),
            models.Index(fields=["token_digest"], condition=~Q(token_digest=""), name="data_token"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.package_id}"


class Use(models.Model):
    """A download of a file: which, when, and who made it, if known."""

    class Where(models.TextChoices):
        """The place of the download."""

        ROOM = "room", _("In the room")
        PUBLIC = "public", _("From the public page")
        REQUEST = "request", _("After a request")
        CRATE = "crate", _("With the whole study")

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="+")
    package = models.ForeignKey(Package, null=True, on_delete=models.CASCADE, related_name="uses")
    path = models.CharField(max_length=300)
    where = models.CharField(max_length=7, choices=Where)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    request = models.ForeignKey(
        DataRequest, null=True, on_delete=models.SET_NULL, related_name="uses"
    )
    taken_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(read="partnership_id = ANY {rooms}")
    holding = Holding(
        COOPERATION, _("Downloads of research data"), by=("person",), moment="taken_at"
    )

    class Meta:
        indexes = [
            models.Index(fields=["study", "-taken_at"]),
            models.Index(fields=["package", "-taken_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.where}"

    @property
    def taker(self) -> str:
        """The name of the person who downloaded it, if known."""
        who = self.person or self.request
        return who.name if who else gettext("someone")
