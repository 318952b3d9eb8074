"""Bringing a cluster's members to an event, and asking again those who have not answered."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.directory.models import Organisation
from proxeny.directory.queries import attach_details
from proxeny.events.models import Event, Group, Participation
from proxeny.events.operations._checks import lock_event, refuse_state, say_moment
from proxeny.events.operations.telling import tell_contact
from proxeny.events.queries.partnerships import Contact, contacts_of
from proxeny.events.queries.requests import unanswered_of
from proxeny.events.rules import can_invite
from proxeny.kernel import audit
from proxeny.kernel.errors import InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader

MAX_INVITED_AT_ONCE = 500
_INVITING = (Event.State.OPEN, Event.State.CLOSED, Event.State.PROVISIONAL)


@transaction.atomic
def invite_members(
    *,
    actor: Reader,
    event_id: int,
    organisation_ids: Sequence[int],
    now: datetime,
    group_id: int | None = None,
) -> list[Participation]:
    """Invite members of the actor's own cluster; who is invited already is left alone.

    Parameters
    ----------
    organisation_ids : sequence of int
        Members that the actor's cluster looks after, or the cluster itself.
    group_id : int, optional
        The group they belong to; by default the first that their cluster fills.

    Returns
    -------
    list of Participation
        Those made now.

    Side effects: a mail to each representative, or to the contact address where there is none, in
    their language; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        See `lock_event`; NotFound also for an organisation the actor does not see, NotAllowed for
        one that another cluster looks after, Conflict before the event is open or when it is over.
    InvalidInput
        Nobody chosen, too many at once, or no group for them.
    """
    event = lock_event(actor, event_id)
    refuse_state(event, *_INVITING)
    organisations = _load_members(actor, organisation_ids)
    groups = list(event.groups.all())
    people = contacts_of([one.pk for one in organisations], today=now.date())
    attach_details(organisations)
    invited = []
    for organisation in organisations:
        first = next(iter(people.get(organisation.pk, [])), None)
        participation, made = Participation.objects.get_or_create(
            event=event,
            organisation=organisation,
            defaults={
                "group": _choose_group(groups, organisation, group_id),
                "person_id": first.person_id if first else None,
                "contact": first.name if first else organisation.fact("contact") or "",
                "languages": organisation.languages,
            },
        )
        if made:
            invited.append(participation)
            _mail_all(event, participation, people.get(organisation.pk, []), "invitation", "")
    audit.record(
        actor,
        "invite_members",
        event,
        partnership_id=event.partnership_id,
        changes={"invited": len(invited)},
    )
    return invited


@transaction.atomic
def remind_participants(
    *, actor: Reader, event_id: int, now: datetime, participation_ids: Sequence[int] | None = None
) -> int:
    """Ask again, by mail, the actor's own members who have not registered or marked anybody.

    Each person gets at most one reminder a day, however often this is called. Members that the
    other cluster looks after are left to it.

    Returns
    -------
    int
        How many participants were reminded now.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        See `lock_event`; Conflict also unless the event takes requests.
    """
    event = lock_event(actor, event_id)
    refuse_state(event, Event.State.OPEN)
    waiting = [
        one
        for one in unanswered_of(event, participation_ids)
        if can_invite(actor, one.organisation)
    ]
    people = contacts_of([one.organisation_id for one in waiting], today=now.date())
    attach_details([one.organisation for one in waiting])
    day = now.date().isoformat()
    reminded = sum(
        _mail_all(event, one, people.get(one.organisation_id, []), "reminder", f":{day}") > 0
        for one in waiting
    )
    audit.record(
        actor,
        "remind_participants",
        event,
        partnership_id=event.partnership_id,
        changes={"reminded": reminded},
    )
    return reminded


def _load_members(actor: Reader, ids: Sequence[int]) -> list[Organisation]:
    wanted = set(ids)
    if not wanted:
        raise InvalidInput(_("Choose at least one member."), field="organisations")
    if len(wanted) > MAX_INVITED_AT_ONCE:
        raise InvalidInput(
            _("Invite at most %(most)d members at once.") % {"most": MAX_INVITED_AT_ONCE},
            field="organisations",
        )
    found = list(Organisation.objects.filter(pk__in=wanted).order_by("sort_name", "pk"))
    if len(found) < len(wanted):
        raise NotFound(_("There is no such organisation."))
    for organisation in found:
        if not can_invite(actor, organisation):
            raise NotAllowed(
                _("%(name)s is looked after by another cluster, which invites it.")
                % {"name": organisation.name}
            )
    return found


def _choose_group(
    groups: Sequence[Group], organisation: Organisation, group_id: int | None
) -> Group:
    home = organisation.steward_id or organisation.pk
    if group_id is not None:
        chosen = next((group for group in groups if group.pk == group_id), None)
        if chosen is None or chosen.organisation_id not in (None, home):
            raise InvalidInput(_("This group is not one for your members."), field="group")
        return chosen
    for group in groups:
        if group.organisation_id == home:
            return group
    raise InvalidInput(_("No group is filled by your cluster. Choose one."), field="group")


def _mail_all(
    event: Event, participation: Participation, people: Sequence[Contact], kind: str, extra: str
) -> int:
    """Queue one mail for each contact, or for the organisation's address; return how many."""
    organisation = participation.organisation
    if not people and (email := organisation.fact("email")):
        people = [Contact(0, organisation.fact("contact"), email, organisation.language)]
    page = "requests" if participation.state == Participation.State.REGISTERED else "register"
    path = reverse(f"events:{page}", args=[participation.pk])
    return sum(
        tell_contact(
            contact,
            key=f"event-{kind}:{participation.pk}:{contact.person_id}{extra}",
            template=f"events/mail/{kind}",
            context={
                "event": event,
                "participation": participation,
                "organisation": organisation,
                "name": contact.name,
                "has_sign_in": bool(contact.person_id),
                "deadline": say_moment(event, event.deadline_at),
            },
            path=path if contact.person_id else "",
        )
        for contact in people
    )
