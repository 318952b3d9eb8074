"""People, their sign-in, their seats, invitations and calendar feeds.

`Account` (address, password) belongs to the gate alone: the role that serves pages has no right on
its table. `Person` is the identity used by the rest of the product.
"""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import (
    ACCOUNTABILITY,
    ERASED_NAME,
    MAIL,
    PROGRAMS,
    SIGN_IN,
    Holding,
    Keep,
)
from proxeny.kernel.tenancy import Tenancy


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts."""

    def create_user(self, email: str, password: str | None = None) -> "Account":
        """Create a sign-in with an address and a password; None means it cannot sign in yet."""
        account = self.model(email=self.normalize_email(email).lower())
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A sign-in: an address and a password. Only the gate and the service role read it."""

    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    #: Before a person exists: words to compare a new password with, besides the address.
    words: tuple[str, ...] = ()

    objects = AccountManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    tenancy = Tenancy(gate_read="true", gate_write="true")
    holding = Holding(
        SIGN_IN,
        _("Sign-in"),
        about=("person",),
        hidden=("password",),
        moment="last_login",
        goes=True,
        why_kept=_("Until the person leaves."),
    )

    def __str__(self) -> str:
        return self.email


class Person(models.Model):
    """A person known to Proxeny, with or without a sign-in."""

    account = models.OneToOneField(Account, null=True, blank=True, on_delete=models.SET_NULL)
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("email"))
    language = models.CharField(_("language"), max_length=5, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Paris")
    created_at = models.DateTimeField(db_default=Now())
    #: The lists of first steps that they have done or dismissed.
    past_first_steps = ArrayField(models.CharField(max_length=10), default=list, db_default=[])
    #: When all that was held about the person was erased; the row is a number since.
    erased_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        # The sub-query passes the seats' own policy: readers of a seat may see its holder.
        read="id = {person} OR id IN (SELECT person_id FROM accounts_seat)",
        update="id = {person}",
        gate_read="true",
        gate_write="true",
    )
    holding = Holding(
        SIGN_IN,
        _("Name, address, language, time zone"),
        about=("id",),
        moment="created_at",
        # The row stays as a number, so that seats, meetings, ratings and signatures still count.
        personal={
            "name": ERASED_NAME,
            "email": "",
            "language": "en",
            "time_zone": "UTC",
            "account": None,
            "past_first_steps": [],
        },
        hidden=("past_first_steps",),
        why_kept=_(
            "Until the person leaves; at most three years after their last role or activity."
        ),
    )

    class Meta:
        indexes = [models.Index(fields=["email"])]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """The purpose of a seat."""

    MANAGER = "manager", _("Manager")
    AMBASSADOR = "ambassador", _("Ambassador")
    ADVISER = "adviser", _("Adviser")
    JUROR = "juror", _("Juror")
    REPRESENTATIVE = "representative", _("Representative")


class Seat(models.Model):
    """A person's role in an organisation, from a day to a day."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="seats")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.CASCADE, related_name="seats"
    )
    role = models.CharField(max_length=20, choices=Role)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    tenancy = Tenancy(
        # Own seats, one's organisations', those of the parties one works with, and those of the
        # members one's cluster looks after: its managers, and the ambassadors who write to them.
        read=(
            "person_id = {person} OR organisation_id = ANY {organisations}"
            # A proposal alone shows no organisation's staff: signed partnerships only.
            " OR organisation_id IN (SELECT organisation_id FROM partnerships_party"
            " WHERE partnership_id = ANY {rooms})"
            " OR organisation_id IN (SELECT id FROM directory_organisation"
            " WHERE steward_id = ANY {managed} OR steward_id = ANY {desks})"
        ),
        insert="organisation_id = ANY {managed}",
        # A member company often has no manager: its cluster looks after its representatives.
        update=(
            "organisation_id = ANY {managed} OR (role = 'representative' AND organisation_id IN"
            " (SELECT id FROM directory_organisation WHERE steward_id = ANY {managed}))"
        ),
        delete="organisation_id = ANY {managed}",
        gate_read="person_id = {person}",
    )
    holding = Holding(
        SIGN_IN,
        _("Roles in organisations"),
        about=("person",),
        moment="ends_on",
        shown={
            "organisation": F("organisation__name"),
            "role": F("role"),
            "starts_on": F("starts_on"),
            "ends_on": F("ends_on"),
        },
        why_kept=_(
            "Kept to show who spoke for an organisation, and when. After erasure, the role "
            "remains without a name."
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(ends_on__isnull=True),
                name="seat_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="seat_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.organisation_id}"


class Invitation(models.Model):
    """An invitation to a seat, bound to one organisation, one role and one address."""

    organisation = models.ForeignKey("directory.Organisation", on_delete=models.CASCADE)
    role = models.CharField(max_length=20, choices=Role)
    name = models.CharField(max_length=150)
    email = models.EmailField()
    language = models.CharField(max_length=5, default="en")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    #: The seat's first and last day; without a first one it begins when it is accepted.
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    #: The seat that ends when this invitation is accepted: a handover.
    replaces = models.ForeignKey(Seat, null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read=(
            "organisation_id = ANY {managed} OR organisation_id IN"
            " (SELECT id FROM directory_organisation WHERE steward_id = ANY {managed})"
        ),
        insert=(
            "organisation_id = ANY {managed} OR (role = 'representative' AND organisation_id IN"
            " (SELECT id FROM directory_organisation WHERE steward_id = ANY {managed}))"
        ),
        update=(
            "organisation_id = ANY {managed} OR (role = 'representative' AND organisation_id IN"
            " (SELECT id FROM directory_organisation WHERE steward_id = ANY {managed}))"
        ),
        gate_read="true",
        gate_write="true",
    )
    holding = Holding(
        SIGN_IN,
        _("Invitations, received and sent"),
        addresses={"email": "organisation"},
        names={"name": "organisation"},
        by=("invited_by",),
        moment="created_at",
        personal={
            "name": ERASED_NAME,
            "email": "",
            "withdrawn_at": Case(
                When(accepted_at=None, then=Coalesce("withdrawn_at", Now())),
                default="withdrawn_at",
            ),
        },
        hidden=("token_hash", "invited_by"),
        keep=(
            Keep(180, since="withdrawn_at"),
            Keep(180, since="expires_at", only=Q(accepted_at=None)),
        ),
    )

    class Meta:
        indexes = [models.Index(fields=["organisation", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.role} at {self.organisation_id}"


class CalendarFeed(models.Model):
    """The secret address of a person's calendar feed; only its hash is kept."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(
        read="person_id = {person}",
        insert="person_id = {person}",
        update="person_id = {person}",
        delete="person_id = {person}",
        gate_read="true",
    )
    holding = Holding(
        MAIL,
        _("Secret address of the calendar"),
        about=("person",),
        hidden=("token_hash",),
        goes=True,
        why_kept=_("Until the address is closed."),
    )

    def __str__(self) -> str:
        return f"feed of {self.person_id}"


class ApiToken(models.Model):
    """A secret for a program, which then acts for one seat, within scopes, until a day.

    Only the secret's hash is kept; `hint` is its end, to tell tokens apart.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=100)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"))
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        # Its holder, and the managers of the organisation in whose name it acts.
        read=(
            "person_id = {person} OR seat_id IN"
            " (SELECT id FROM accounts_seat WHERE organisation_id = ANY {managed})"
        ),
        insert=(
            "person_id = {person} AND seat_id IN"
            " (SELECT id FROM accounts_seat WHERE person_id = {person})"
        ),
        update=(
            "person_id = {person} OR seat_id IN"
            " (SELECT id FROM accounts_seat WHERE organisation_id = ANY {managed})"
        ),
        # The gate finds the token before a reader is known, and notes its use.
        gate_read="true",
        gate_write="true",
    )
    holding = Holding(
        PROGRAMS,
        _("Tokens for programs"),
        about=("person",),
        hidden=("digest",),
        goes=True,
        keep=(
            Keep(365, since="revoked_at"),
            Keep(365, since="expires_at"),
        ),
    )

    def __str__(self) -> str:
        return self.name


class Erasure(models.Model):
    """A wish that a person be erased, from the asking until it is done or taken back.

    `organisation` is set where a manager asks for the contact that an organisation names; then
    there is no person.
    """

    class Reason(models.TextChoices):
        """The origin of the request."""

        SELF = "self", _("Requested by the person")
        CONTACT = "contact", _("Requested by a manager for a contact")
        IDLE = "idle", _("No role and no activity for three years")

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="erasures")
    organisation = models.ForeignKey(
        "directory.Organisation", null=True, on_delete=models.CASCADE, related_name="+"
    )
    reason = models.CharField(max_length=7, choices=Reason)
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    #: Since when it waits for a seat to be handed over.
    held_up_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read=(
            "person_id = {person} OR organisation_id IN"
            " (SELECT id FROM directory_organisation WHERE steward_id = ANY {managed})"
        ),
    )
    holding = Holding(
        ACCOUNTABILITY,
        _("Erasure requests"),
        about=("person",),
        by=("asked_by",),
        hidden=("asked_by",),
        why_kept=_("Kept to show that a request was fulfilled. It names no one."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(withdrawn_at=None, done_at=None),
                name="erasure_open_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(withdrawn_at=None, done_at=None), name="erasure_due"
            )
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk} {self.reason}"


class DataFile(models.Model):
    """All that is held about a person, put together by a job for them to fetch within a week."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    content = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)

    tenancy = Tenancy(read="person_id = {person}")
    holding = Holding(
        ACCOUNTABILITY,
        _("File with the person’s own data, when it’s large"),
        about=("person",),
        hidden=("content",),
        goes=True,
        keep=(Keep(7, since="asked_at"),),
    )

    def __str__(self) -> str:
        return f"data of {self.person_id}"
