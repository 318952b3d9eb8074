"""Data packages: files with what is in them, in versions that stay as they are."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.partnerships.models.records import RoomRecord, in_room
from proxeny.research.models.studies import Licence, Study


class Package(RoomRecord):
    """Files of a study that belong together, and the access to them."""

    class Access(models.TextChoices):
        """The access to the files once the study is published; the room always has it."""

        OPEN = "open", _("Open: anyone can download it")
        REQUEST = "request", _("On request: for those who agree to the terms and are given access")
        CLOSED = "closed", _("Closed: it stays in the room")

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="packages")
    title = models.CharField(_("title"), max_length=200)
    details = models.TextField(_("description and origin"), max_length=4000)
    keywords = models.CharField(_("keywords"), max_length=300, blank=True)
    licence = models.CharField(_("licence"), max_length=12, choices=Licence, default=Licence.CC_BY)
    access = models.CharField(_("access"), max_length=7, choices=Access, default=Access.CLOSED)
    terms = models.TextField(_("terms of the agreement"), max_length=4000, blank=True)

    tenancy = in_room()
    holding = Holding(
        COOPERATION, _("Data packages: their free text"), texts=("title", "details", "terms")
    )

    class Meta:
        indexes = [models.Index(fields=["study"])]

    def __str__(self) -> str:
        return self.title


class PackageVersion(models.Model):
    """The files of a package at one time. What was released is never written over.

    A package has at most one version that is not released: the one that is worked on.
    """

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    note = models.CharField(_("what is new"), max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    tenancy = in_room()
    holding = Holding(
        COOPERATION,
        _("Versions of data packages"),
        by=("released_by",),
        texts=("note",),
        moment="released_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "number"], name="package_version_once"),
            models.UniqueConstraint(
                fields=["package"], condition=Q(released_at=None), name="package_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package_id} {self.number}"


class PackageFile(models.Model):
    """A file of a version: where its bytes are, what it is, and, of a table, what its columns say.

    `table` is a Table Schema and `dialect` how its rows are written, as `engine.package` dumps them;
    `report` the outcome of the last check: ``{"rows": n, "valid": bool, "counts": {code: n},
    "problems": [{"row", "column", "code", "value", …}]}``.
    """

    class Fit(models.TextChoices):
        """Whether its rows fit its columns."""

        NONE = "none", _("Not a table")
        WAITING = "waiting", _("Being checked")
        FITS = "fits", _("All rows valid")
        FAULTY = "faulty", _("Invalid rows")
        STOPPED = "stopped", _("Check incomplete")

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    version = models.ForeignKey(PackageVersion, on_delete=models.CASCADE, related_name="files")
    # As long as the name of a file in an archive may be.
    path = models.CharField(_("file name"), max_length=240)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    title = models.CharField(_("title"), max_length=200, blank=True)
    details = models.TextField(_("description"), max_length=2000, blank=True)
    table = models.JSONField(null=True)
    dialect = models.JSONField(null=True)
    fit = models.CharField(max_length=7, choices=Fit, default=Fit.NONE)
    report = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    revision = models.PositiveIntegerField(default=1)

    tenancy = in_room()
    holding = Holding(
        COOPERATION, _("Files of data packages: their descriptions"), texts=("title", "details")
    )

    class Meta:
        indexes = [models.Index(fields=["sha256"])]
        constraints = [
            models.UniqueConstraint(fields=["version", "path"], name="package_path_once"),
            models.CheckConstraint(condition=Q(size__gte=0), name="package_file_size"),
        ]

    def __str__(self) -> str:
        return self.path


class Upload(models.Model):
    """An upload in progress, to a package or as a study from elsewhere; the store keeps the bytes.

    Only the person who began it can continue it.
    """

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    package = models.ForeignKey(Package, null=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=Now())
    #: Since when all of it is taken in; kept for a while, for senders whom the answer did not reach.
    taken_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read="partnership_id = ANY {rooms} AND person_id = {person}",
        insert="partnership_id = ANY {rooms} AND person_id = {person}",
        delete="partnership_id = ANY {rooms} AND person_id = {person}",
    )
    holding = Holding(
        COOPERATION, _("Files being uploaded"), about=("person",), goes=True, moment="created_at"
    )

    def __str__(self) -> str:
        return self.name


class Arrival(models.Model):
    """A study from elsewhere: checked and shown before anything of it is taken.

    `content` is the study as `research.content` writes it, `problems` what was found:
    ``[{"code", "where", "severity", "params"}]``, and `extra` what we have no place for.
    """

    class State(models.TextChoices):
        """The state of the study from elsewhere."""

        CHECKING = "checking", _("Being checked")
        SHOWN = "shown", _("Ready for review")
        REFUSED = "refused", _("Errors found")
        TAKEN = "taken", _("Imported")
        LEFT = "left", _("Discarded")

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, default=State.CHECKING)
    content = models.JSONField(null=True)
    problems = models.JSONField(default=list)
    extra = models.JSONField(default=list)
    study = models.ForeignKey(Study, null=True, on_delete=models.SET_NULL, related_name="+")
    brought_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    brought_at = models.DateTimeField(db_default=Now())

    tenancy = in_room()
    holding = Holding(
        COOPERATION, _("Uploaded external studies"), by=("brought_by",), moment="brought_at"
    )

    class Meta:
        indexes = [models.Index(fields=["partnership", "-brought_at"])]

    def __str__(self) -> str:
        return self.name
