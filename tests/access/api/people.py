"""Who may use which route under /api/v1/people."""

from datetime import timedelta

from django.utils import timezone

from proxeny.accounts.models import Invitation, Role, Seat
from proxeny.directory.models import Details
from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd

P = "/api/v1/people"


def _seat(crowd: Crowd) -> dict:
    return {"seat_id": crowd.world.a.representatives[0].seats.get().pk}


def _desk_seat(crowd: Crowd) -> dict:
    return {"seat_id": crowd.world.a.ambassador.seats.get(role=Role.AMBASSADOR).pk}


def _ended(crowd: Crowd) -> dict:
    day = timezone.now().date() - timedelta(days=1)
    seat, _made = Seat.objects.get_or_create(
        person=crowd.world.a.ambassador,
        organisation=crowd.world.a.cluster,
        role=Role.ADVISER,
        defaults={"starts_on": day, "ends_on": day},
    )
    return {"seat_id": seat.pk}


def _person(crowd: Crowd) -> dict:
    return {"person_id": crowd.world.a.representatives[0].pk}


def _contact(crowd: Crowd) -> dict:
    member = crowd.world.a.members[0].pk
    Details.objects.filter(pk=member, contact="").update(contact="A Contact")
    return {"organisation_id": member}


def _hidden(crowd: Crowd) -> dict:
    return {"organisation_id": crowd.hidden.pk}


def _invitation(crowd: Crowd) -> dict:
    return {"invitation_id": crowd.invitation.pk}


def _sent_before(crowd: Crowd) -> dict:
    # The link can be sent again after a minute.
    now = timezone.now()
    Invitation.objects.filter(expires_at__gt=now + timedelta(days=13)).update(
        expires_at=now + timedelta(days=12)
    )
    return _invitation(crowd)


def _newcomer(crowd: Crowd) -> dict:
    return {"name": "New Person", "email": "new.person@example.org"}


def _to_a(crowd: Crowd) -> dict:
    return {**_newcomer(crowd), "organisation_id": crowd.world.a.cluster.pk, "role": "adviser"}


def _to_a_member(crowd: Crowd) -> dict:
    member = crowd.world.a.members[0].pk
    return {**_newcomer(crowd), "organisation_id": member, "role": "representative"}


ROUTES: dict[str, ApiRoute] = {
    "show_me": ApiRoute("GET", f"{P}/me"),
    "show_profile": ApiRoute("GET", f"{P}/profile"),
    "change_profile": ApiRoute("PATCH", f"{P}/profile", data=lambda _: {"language": "fr"}),
    "list_seats": ApiRoute("GET", f"{P}/seats"),
    "show_seat": ApiRoute("GET", f"{P}/seats/{{seat_id}}", _seat),
    "show_seat desk": ApiRoute("GET", f"{P}/seats/{{seat_id}}", _desk_seat),
    "export_seats": ApiRoute("GET", f"{P}/seats/export", query=(("format", "xlsx"),)),
    "set_last_day": ApiRoute(
        "POST", f"{P}/seats/{{seat_id}}/last-day", _desk_seat, lambda _: {"last_day": None}
    ),
    "erase_contact": ApiRoute("POST", f"{P}/contacts/{{organisation_id}}/erase", _contact),
    # It names nobody: the manager is told so.
    "erase_contact hidden": ApiRoute(
        "POST", f"{P}/contacts/{{organisation_id}}/erase", _hidden, statuses=(409,)
    ),
    "list_person_history": ApiRoute("GET", f"{P}/persons/{{person_id}}/history", _person),
    # Everybody may leave a seat of their own; only a manager gives it back.
    "end_seat": ApiRoute("POST", f"{P}/seats/{{seat_id}}/end", _seat),
    "restore_seat": ApiRoute("POST", f"{P}/seats/{{seat_id}}/restore", _ended),
    "hand_over_seat": ApiRoute("POST", f"{P}/seats/{{seat_id}}/hand-over", _desk_seat, _newcomer),
    "list_invitations": ApiRoute("GET", f"{P}/invitations"),
    "show_invitation": ApiRoute("GET", f"{P}/invitations/{{invitation_id}}", _invitation),
    "invite_person": ApiRoute("POST", f"{P}/invitations", data=_to_a),
    "invite_person member": ApiRoute("POST", f"{P}/invitations", data=_to_a_member),
    "resend_invitation": ApiRoute(
        "POST", f"{P}/invitations/{{invitation_id}}/resend", _sent_before
    ),
    "withdraw_invitation": ApiRoute(
        "POST", f"{P}/invitations/{{invitation_id}}/withdraw", _invitation
    ),
}
