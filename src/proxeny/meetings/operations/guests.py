"""Guests of a catch-up, and their sides."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.models import CatchUp, CatchUpGuest, MeetingParty
from proxeny.partnerships.models import Party
from proxeny.partnerships.room_queries import list_team

Answer = MeetingParty.Answer
#: So many people at most.
MOST_GUESTS = 100


def find_sides(
    wanted: Sequence[int], parties: Sequence[Party], now: datetime, *, kept: CatchUp | None = None
) -> dict[int, int]:
    """Return the party of each guest. Earlier guests may stay after their seat has ended."""
    known = {
        guest.person_id: guest.party_id
        for guest in (kept.guests.all() if kept else ())
        if guest.person_id
    } | team_sides(parties, now)
    sides = {person: known[person] for person in wanted if person in known}
    if len(sides) < len(set(wanted)):
        raise InvalidInput(_("Choose people from the two teams."), field="guests")
    if len(set(sides.values())) < 2:
        raise InvalidInput(_("Invite someone from each side."), field="guests")
    if len(sides) > MOST_GUESTS:
        raise InvalidInput(
            _("You can invite up to %(count)d people.") % {"count": MOST_GUESTS}, field="guests"
        )
    return sides


def team_sides(parties: Sequence[Party], now: datetime) -> dict[int, int]:
    """Return the party of every team member; the first party of a person who works for two."""
    team = list_team(parties, today=now.date())
    return {
        person.pk: party.pk
        for party in sorted(parties, key=lambda one: one.side, reverse=True)
        for person in team.get(party.pk, ())
    }


def set_guests(
    one: CatchUp, sides: dict[int, int], *, actor: Reader, is_anew: bool = False
) -> tuple[set[int], list[CatchUpGuest]]:
    """Set the guests of a catch-up; return the new ones, and those removed.

    Erased guests stay: their attendance belongs to the partnership. With `is_anew` all but the
    actor are asked for a new answer.
    """
    kept = {guest.person_id: guest for guest in one.guests.all() if guest.person_id}
    removed = [guest for person, guest in kept.items() if person not in sides]
    CatchUpGuest.objects.filter(pk__in=[guest.pk for guest in removed]).delete()
    added = set(sides) - set(kept)
    CatchUpGuest.objects.bulk_create(
        CatchUpGuest(
            catch_up=one,
            partnership_id=one.partnership_id,
            party_id=sides[person],
            person_id=person,
            answer=Answer.ACCEPTED if person == actor.person else Answer.WAITING,
        )
        for person in sorted(added)
    )
    if is_anew:
        asked = CatchUpGuest.objects.filter(catch_up=one).exclude(person_id=actor.own_id)
        asked.update(answer=Answer.WAITING)
    keep_parties(one)
    return added, removed


def keep_parties(one: CatchUp) -> None:
    """Make the parties of the meeting those of its guests, without names."""
    guests = CatchUpGuest.objects.filter(catch_up=one)
    wanted = set(guests.values_list("party__organisation_id", flat=True))
    parties = MeetingParty.objects.filter(meeting_id=one.pk)
    kept = set(parties.values_list("organisation_id", flat=True))
    if wanted == kept:
        return
    # Ratings would go with them, of which a catch-up has none.
    with as_service("Anyone in the room may change guests, but only managers may remove parties."):
        parties.exclude(organisation_id__in=wanted).delete()
    MeetingParty.objects.bulk_create(
        MeetingParty(meeting_id=one.pk, organisation_id=organisation, name="")
        for organisation in sorted(wanted - kept)
    )
    one.meeting.organisations = sorted(wanted)
    one.meeting.save(update_fields=["organisations"])
