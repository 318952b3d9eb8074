"""Inviting somebody to a seat, sending the link again, taking it back."""

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts import queries, rules
from proxeny.accounts.models import Invitation, Role, Seat
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.mail import queue_mail
from proxeny.kernel.tenancy import Reader

INVITATION_DAYS = 14
#: More invitations than this from one organisation in a day are not a team, but a mailing.
MAX_A_DAY = 200


@transaction.atomic
def invite_person(
    *,
    actor: Reader,
    organisation_id: int,
    role: str,
    name: str,
    email: str,
    now: datetime,
    language: str = "en",
    starts_on: date | None = None,
    ends_on: date | None = None,
    replaces: Seat | None = None,
) -> Invitation:
    """Invite an address to a seat and send it a link that holds 14 days.

    Parameters
    ----------
    actor : Reader
        A manager of the organisation; or, for a representative, of the cluster that looks after it.
    starts_on, ends_on : date, optional
        First and last day of the seat; it begins when it is accepted, and has no end.
    replaces : Seat, optional
        The seat that ends when the invitation is accepted (a handover).

    Returns
    -------
    Invitation
        Without the link: only its hash is kept, the link itself goes out by mail.

    Raises
    ------
    NotFound
        The actor does not see the organisation.
    NotAllowed
        The actor may not fill this seat, or has sent too many invitations today.
    InvalidInput
        The role does not exist, a name or address is missing, or the days do not fit.
    Conflict
        The address holds this seat already, or an invitation to it is open.

    Notes
    -----
    Side effects: a mail in the invited person's language; an audit row of the organisation.
    """
    steward_id = queries.get_steward_id(organisation_id)
    if not rules.can_invite(actor, organisation_id, role, steward_id=steward_id):
        raise NotAllowed(_("Only a manager of the organisation can invite people to this role."))
    email, name = email.strip().lower(), " ".join(name.split())
    _check_days(starts_on, ends_on, today=now.date())
    _check(organisation_id, role=role, name=name, email=email, now=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation_id=organisation_id,
        role=role,
        name=name,
        email=email,
        language=language if language in dict(settings.LANGUAGES) else "en",
        token_hash=queries.hash_token(token),
        invited_by_id=actor.person,
        created_at=now,
        expires_at=now + timedelta(days=INVITATION_DAYS),
        starts_on=starts_on,
        ends_on=ends_on,
        replaces=replaces,
    )
    _send(invitation, token, actor)
    audit.record(
        actor,
        "invite_person",
        invitation,
        organisation_id=organisation_id,
        changes={"name": name, "role": str(role)},
    )
    return invitation


def _check_days(starts_on: date | None, ends_on: date | None, *, today: date) -> None:
    if starts_on and starts_on < today:
        raise InvalidInput(_("The first day is in the past."), field="starts_on")
    if ends_on and ends_on < (starts_on or today):
        raise InvalidInput(_("The last day can’t be before the first day."), field="ends_on")


def _check(organisation_id: int, *, role: str, name: str, email: str, now: datetime) -> None:
    if role not in Role.values:
        raise InvalidInput(_("Choose a role."), field="role")
    if not name:
        raise InvalidInput(_("Enter the name of the person you’re inviting."), field="name")
    if "@" not in email:
        raise InvalidInput(
            _("Enter the full email address, such as anna@cluster.example."), field="email"
        )
    sent = Invitation.objects.filter(organisation_id=organisation_id)
    if sent.filter(created_at__gt=now - timedelta(days=1)).count() >= MAX_A_DAY:
        raise NotAllowed(_("Your organisation has sent many invitations today. Continue tomorrow."))
    same = sent.filter(email__iexact=email, role=role, accepted_at=None, withdrawn_at=None)
    if same.filter(expires_at__gt=now).exists():
        message = _("This person has already been invited to this role. You can resend the link.")
        raise Conflict(message, field="email")
    seats = queries.open_seats(today=now.date()).filter(organisation_id=organisation_id, role=role)
    if seats.filter(person__email__iexact=email).exists():
        raise Conflict(_("This person already has this role."), field="email")


@transaction.atomic
def resend_invitation(*, actor: Reader, invitation_id: int, now: datetime) -> Invitation:
    """Send a new link that holds 14 days; the old one stops working.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `withdraw_invitation`; also `Conflict` within a minute of the last link.
    """
    invitation = _open_invitation(actor, invitation_id)
    last = invitation.expires_at - timedelta(days=INVITATION_DAYS)
    if now - last < timedelta(minutes=1):
        raise Conflict(_("The link has just been sent. Wait a minute before you send it again."))
    token = secrets.token_urlsafe(32)
    invitation.token_hash = queries.hash_token(token)
    invitation.expires_at = now + timedelta(days=INVITATION_DAYS)
    invitation.save(update_fields=["token_hash", "expires_at"])
    _send(invitation, token, actor)
    audit.record(actor, "resend_invitation", invitation, organisation_id=invitation.organisation_id)
    return invitation


@transaction.atomic
def withdraw_invitation(*, actor: Reader, invitation_id: int, now: datetime) -> Invitation:
    """Take an invitation back; its link answers like an unknown one from now on.

    Raises
    ------
    NotFound
        The actor does not see the invitation.
    NotAllowed
        The actor may not fill this seat.
    Conflict
        It was accepted or withdrawn in the meantime.
    """
    invitation = _open_invitation(actor, invitation_id)
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    audit.record(
        actor, "withdraw_invitation", invitation, organisation_id=invitation.organisation_id
    )
    return invitation


def _open_invitation(actor: Reader, invitation_id: int) -> Invitation:
    found = queries.get_invitation(invitation_id)
    if not rules.can_fill(actor, found):
        raise NotAllowed(_("Only a manager of the organisation can change this invitation."))
    locked = Invitation.objects.select_for_update(of=("self",)).filter(
        pk=invitation_id, accepted_at=None, withdrawn_at=None
    )
    invitation = locked.select_related("organisation").first()
    if invitation is None:
        raise Conflict(_("This invitation has since been accepted or withdrawn."))
    return invitation


def _send(invitation: Invitation, token: str, actor: Reader) -> None:
    path = reverse("invitation", kwargs={"token": token})
    own = invitation.organisation_id in actor.organisations
    steward = invitation.organisation.steward
    organisation = invitation.organisation if own or steward is None else steward
    queue_mail(
        # The new hash tells two links of one invitation apart without telling the link.
        key=f"invitation:{invitation.pk}:{invitation.token_hash[:16]}",
        recipient=invitation.email,
        template="accounts/mail/invitation",
        context={
            "invitation": invitation,
            "organisation": invitation.organisation.name,
            "inviter": actor.name,
            "action_url": f"{settings.BASE_URL}{path}",
            "days": INVITATION_DAYS,
        },
        language=invitation.language,
        sender=queries.written_by(actor, organisation.name),
    )
