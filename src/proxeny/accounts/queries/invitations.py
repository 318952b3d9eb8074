"""Invitations: those that wait, where one may invite to, and the one behind a link."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import Invitation, Role, Seat
from proxeny.accounts.queries.hashing import hash_token
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader


@dataclass(frozen=True, slots=True)
class OrganisationChoice:
    """An organisation whose seats the reader may fill; `roles` may be given there."""

    id: int
    name: str
    roles: tuple[str, ...]
    steward_id: int | None = None


def _organisations() -> QuerySet[Any]:
    # The directory is a layer above this one: its table is reached over the seats' foreign key.
    return Seat._meta.get_field("organisation").related_model._default_manager.all()


def list_choices(reader: Reader, *, organisation_id: int | None = None) -> list[OrganisationChoice]:
    """Return the organisations the reader may invite to: their own, and one member if asked for.

    A cluster may look after thousands of members; they are not listed here. The directory's page
    of a member leads to the form with its id.
    """
    wanted = Q(pk__in=reader.managed)
    if organisation_id:
        wanted |= Q(pk=organisation_id, steward_id__in=reader.managed)
    choices = [
        OrganisationChoice(
            pk,
            name,
            tuple(Role.values) if pk in reader.managed else (str(Role.REPRESENTATIVE),),
            steward_id,
        )
        for pk, name, steward_id in _organisations()
        .filter(wanted)
        .order_by("name")
        .values_list("pk", "name", "steward_id")
    ]
    return sorted(choices, key=lambda one: one.id != organisation_id)


def get_steward_id(organisation_id: int) -> int | None:
    """Return the cluster that keeps an organisation's entry.

    Raises
    ------
    NotFound
        The reader does not see the organisation.
    """
    row = _organisations().filter(pk=organisation_id).values_list("steward_id", flat=True)[:1]
    steward_id: int | None
    for steward_id in row:
        return steward_id
    raise NotFound(_("We couldn’t find this organisation."))


def list_open_invitations(reader: Reader) -> QuerySet[Invitation]:
    """Return invitations that wait for an answer, expired ones included, newest first."""
    if not reader.managed:
        return Invitation.objects.none()
    return (
        Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
        .select_related("organisation", "invited_by")
        .order_by("-created_at", "-id")
    )


def get_open_invitation(reader: Reader, invitation_id: int) -> Invitation:
    """Return an invitation of the reader's list; `NotFound` for one that is not on it."""
    for invitation in list_open_invitations(reader).filter(pk=invitation_id):
        return invitation
    raise NotFound(_("We couldn’t find this invitation."))


def get_invitation(invitation_id: int) -> Invitation:
    """Return an invitation the reader may manage; `NotFound` otherwise."""
    found = Invitation.objects.select_related("organisation").filter(pk=invitation_id).first()
    if found is None:
        raise NotFound(_("We couldn’t find this invitation."))
    return found


def find_invitation(token: str, *, now: datetime) -> Invitation:
    """Return the open invitation behind a secret link. Call it in the gate role.

    Raises
    ------
    NotFound
        Unknown, used, withdrawn and expired links are answered alike.
    """
    found = (
        Invitation.objects.select_related("organisation", "invited_by")
        .filter(token_hash=hash_token(token), accepted_at=None, withdrawn_at=None)
        .filter(expires_at__gt=now)
        .first()
    )
    if found is None:
        raise NotFound(_("This invitation is no longer open."))
    return found


def is_being_handed_over(seat_id: int, *, now: datetime) -> bool:
    """Whether a successor is invited to a seat and has not answered."""
    return Invitation.objects.filter(
        replaces_id=seat_id, accepted_at=None, withdrawn_at=None, expires_at__gt=now
    ).exists()
