"""Records that every capability writes: the audit trail, jobs, mail out and in, kept files.

They hold ids of people, organisations and partnerships as plain numbers: the kernel does not know
those tables, and an audit row outlives what it tells of.
"""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import (
    ACCOUNTABILITY,
    MAIL,
    NOBODY,
    OPERATION,
    PROGRAMS,
    Holding,
    Keep,
)
from proxeny.kernel.tenancy import Tenancy

_OWN = "person_id = {person} OR organisation_id = ANY {managed} OR partnership_id = ANY {rooms}"


class AuditEntry(models.Model):
    """One write: actor, organisation, time, changes and reason. The web role cannot change it."""

    at = models.DateTimeField(db_default=Now())
    person_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    partnership_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=80)
    target = models.CharField(max_length=80)
    target_id = models.BigIntegerField(null=True)
    changes = models.JSONField(default=dict)
    why = models.TextField(blank=True)

    tenancy = Tenancy(read=_OWN, insert="person_id = {person}")
    holding = Holding(
        ACCOUNTABILITY,
        _("Audit trail entries"),
        by=("person_id",),
        targets=("target", "target_id"),
        # Rows are chained: only what they tell may be replaced, and the erasure records that itself.
        copies=("changes", "why"),
        within=("organisation_id",),
        rooms=("partnership_id",),
        moment="at",
        veiled=("person_id", "why"),
        why_kept=_(
            "Kept: an audit trail with missing rows proves nothing. Erasure removes the names "
            "from it."
        ),
    )

    class Meta:
        indexes = [
            models.Index(fields=["target", "target_id"]),
            models.Index(fields=["partnership_id", "-at"]),
            models.Index(fields=["organisation_id", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target} {self.target_id}"


class Job(models.Model):
    """A piece of long work that a person started and may watch, leave and stop."""

    class State(models.TextChoices):
        """The state of the job."""

        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        STOPPED = "stopped"

    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=200, unique=True)
    person_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    partnership_id = models.BigIntegerField(null=True)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    progress = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    stop_requested = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    #: When a person put a failed job aside; it stays, but waits for nobody any more.
    dismissed_at = models.DateTimeField(null=True)

    tenancy = Tenancy(read=_OWN)
    holding = Holding(
        OPERATION,
        _("Long tasks started"),
        by=("person_id",),
        copies=("arguments", "progress", "result", "error"),
        moment="created_at",
        within=("organisation_id",),
        rooms=("partnership_id",),
        hidden=("key", "progress", "result"),
        keep=(Keep(90, since="finished_at"),),
    )

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-created_at"]),
            models.Index(fields=["state", "kind"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"

    @property
    def is_over(self) -> bool:
        """Whether the job will not run any more."""
        return self.state in {self.State.DONE, self.State.FAILED, self.State.STOPPED}


class Mail(models.Model):
    """An outgoing mail, written in the transaction of its cause and sent by a job."""

    key = models.CharField(max_length=200, unique=True)
    recipient = models.EmailField()
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    calendar = models.TextField(blank=True)
    calendar_method = models.CharField(max_length=12, blank=True)
    headers = models.JSONField(default=dict)
    #: The name that mail programs show, and where answers go; empty where Proxeny itself writes.
    sender = models.CharField(max_length=250, blank=True, db_default="")
    reply_to = models.EmailField(blank=True, db_default="")
    created_at = models.DateTimeField(db_default=Now())
    #: Quiet hours of the recipient end then.
    not_before = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: Why it was given up, after its last attempt.
    error = models.TextField(blank=True)

    tenancy = Tenancy()
    holding = Holding(
        MAIL,
        _("Email received"),
        addresses={"recipient": ""},
        personal={
            "recipient": "",
            "subject": "",
            "text": "",
            "html": "",
            "calendar": "",
            "headers": {},
            "sender": "",
            "reply_to": "",
        },
        copies=("subject", "text", "html", "calendar", "sender", "reply_to", "error"),
        to_anybody=True,
        hidden=("key", "html", "headers"),
        # Mails still in the queue are not sent any more.
        goes=models.Q(sent_at=None),
        keep=(
            Keep(90, since="sent_at"),
            Keep(90, since="created_at", only=~models.Q(error="")),
        ),
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"], condition=models.Q(sent_at=None), name="kernel_mail_unsent"
            )
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}"


class ReceivedMail(models.Model):
    """An incoming mail, by its digest: the outcome, so that it is applied once.

    Neither its content nor its sender is kept. `about` is a digest too, of the respondent and the
    subject of the answer, to identify the newest. `entry_id` is the row of the audit trail that it
    caused.
    """

    class Outcome(models.TextChoices):
        """The outcome of a mail; empty while it is still to be read."""

        APPLIED = "applied"
        OLDER = "older"
        MOVED = "moved"
        CLOSED = "closed"
        BOUNCE = "bounce"
        AUTOMATIC = "automatic"
        STRANGER = "stranger"
        FORGED = "forged"
        NOT_UNDERSTOOD = "not-understood"
        TOO_LARGE = "too-large"
        FAILED = "failed"

    digest = models.CharField(max_length=64, unique=True)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    about = models.CharField(max_length=64, blank=True)
    stamped_at = models.DateTimeField(null=True)
    entry_id = models.BigIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy()
    holding = Holding(
        MAIL,
        _("Returned email: only that it was read, none of its content"),
        hidden=("digest", "about"),
        keep=(Keep(90, since="created_at"),),
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["about"], condition=~models.Q(about=""), name="kernel_received_about"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.outcome}"


class StoredFile(models.Model):
    """A small uploaded file, stored in the database so that workers on any host can read it."""

    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    person_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=Now())
    #: Since when nothing needs the file; empty while it is shared without an end.
    idle_since = models.DateTimeField(null=True, db_default=Now())

    tenancy = Tenancy(
        # Other people's: while it is shared with a partnership of theirs.
        read="organisation_id = ANY {managed} OR id = ANY {files}",
        insert="organisation_id = ANY {managed}",
        delete="organisation_id = ANY {managed}",
    )
    holding = Holding(
        OPERATION,
        _("Files uploaded"),
        by=("person_id",),
        hidden=("content",),
        copies=("name",),
        within=("organisation_id",),
        # Those of an import go earlier, with the import's own term.
        keep=(Keep(90, since="idle_since"),),
    )

    def __str__(self) -> str:
        return self.name


class ApiCall(models.Model):
    """The answer to a write that carried an idempotency key, kept for a day."""

    token_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy()
    holding = Holding(
        PROGRAMS,
        _("Answers stored for programs"),
        hangs_on={"token_id": "accounts.apitoken"},
        copies=("body", "headers"),
        hidden=("body", "headers", "fingerprint"),
        goes=True,
        keep=(Keep(1, since="created_at"),),
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_id", "key"], name="api_call_once")]
        indexes = [models.Index(fields=["created_at"])]

    def __str__(self) -> str:
        return f"{self.token_id} {self.key}"


class RateWindow(models.Model):
    """The number of requests of a key in its window; `started` is the window's first minute."""

    key = models.CharField(max_length=100, primary_key=True)
    started = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    tenancy = Tenancy(gate_read="true", gate_write="true")
    holding = Holding(PROGRAMS, _("Request counts"), keep=(Keep(1, since="started", unit_s=60),))

    def __str__(self) -> str:
        return self.key


class AuditLink(models.Model):
    """One link of the audit trail's chain; see `chain`. Nobody changes or removes it."""

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    content = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    tenancy = Tenancy()
    holding = NOBODY

    def __str__(self) -> str:
        return f"{self.position} {self.digest[:12]}"
