"""Invitations of a cluster's members to an event, and reminders to those who have not answered."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from proxeny.directory.models import Organisation
from proxeny.events.models import Event, Group, Participation
from proxeny.events.operations._guards import (
    find_event,
    lock_event,
    refuse_state,
    say_moment,
)
from proxeny.events.operations.notifications import tell_contact
from proxeny.events.operations.senders import organiser
from proxeny.events.queries.guests import contacts_or_address
from proxeny.events.queries.partnerships import Contact
from proxeny.events.queries.requests import unanswered_of
from proxeny.events.rules import can_invite
from proxeny.kernel import audit
from proxeny.kernel.errors import InvalidInput, NotAllowed, NotFound
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.mail_senders import Sender
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
    """Invite members of the actor's own cluster; those already invited are left alone.

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

    Side effects: a job that writes the invitations (`write_invitations`); an audit row. As many
    queries for one member as for hundreds.

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
    known = set(
        event.participations.filter(organisation__in=organisations).values_list(
            "organisation_id", flat=True
        )
    )
    groups = list(event.groups.all())
    group_of = {one.pk: _choose_group(groups, one, group_id) for one in organisations}
    people = contacts_or_address(organisations, today=now.date())
    invited = Participation.objects.bulk_create(
        _make_participation(event, one, group_of[one.pk], people.get(one.pk, []))
        for one in organisations
        if one.pk not in known
    )
    if invited:
        enqueue(
            "events.invite",
            actor=actor,
            arguments={"event": event.pk, "participations": [one.pk for one in invited]},
            key=f"events.invite:{event.pk}:{invited[0].pk}",
            partnership_id=event.partnership_id,
        )
    audit.record(
        actor,
        "invite_members",
        event,
        partnership_id=event.partnership_id,
        changes={"invited": len(invited)},
    )
    return invited


@transaction.atomic
def write_invitations(
    *, actor: Reader, event_id: int, participation_ids: Sequence[int], now: datetime
) -> int:
    """Write to those who were just invited, each in their language; return how many messages.

    A message goes to each representative, or to the contact address where there is none. Written
    again, it is sent once. Run by the job that `invite_members` queues, with the eyes of whoever
    invites.
    """
    event = find_event(actor, event_id)
    if event.state not in _INVITING:
        return 0  # cancelled in the meantime
    invited = list(
        event.participations.filter(pk__in=participation_ids)
        .select_related("organisation")
        .order_by("pk")
    )
    organisations = [one.organisation for one in invited]
    people = contacts_or_address(organisations, today=now.date())
    sender = organiser(actor, event)
    return sum(
        _mail_all(event, one, people.get(one.organisation_id, []), "invitation", "", sender, now)
        for one in invited
    )


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
    reached = contacts_or_address([one.organisation for one in waiting], today=now.date())
    day, sender = now.date().isoformat(), organiser(actor, event)
    reminded = sum(
        _mail_all(
            event, one, reached.get(one.organisation_id, []), "reminder", f":{day}", sender, now
        )
        > 0
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
            _("You can invite up to %(most)d members at a time.") % {"most": MAX_INVITED_AT_ONCE},
            field="organisations",
        )
    found = list(Organisation.objects.filter(pk__in=wanted).order_by("sort_name", "pk"))
    if len(found) < len(wanted):
        raise NotFound(_("We couldn’t find this organisation."))
    for organisation in found:
        if not can_invite(actor, organisation):
            raise NotAllowed(
                _("%(name)s is managed by another cluster, which will invite it.")
                % {"name": organisation.name}
            )
    return found


def _make_participation(
    event: Event, organisation: Organisation, group: Group, people: Sequence[Contact]
) -> Participation:
    first = people[0] if people else None
    return Participation(
        event=event,
        organisation=organisation,
        group=group,
        person_id=(first.person_id or None) if first else None,
        contact=first.name if first else "",
        languages=organisation.languages,
    )


def _choose_group(
    groups: Sequence[Group], organisation: Organisation, group_id: int | None
) -> Group:
    home = organisation.steward_id or organisation.pk
    if group_id is not None:
        chosen = next((group for group in groups if group.pk == group_id), None)
        if chosen is None or chosen.organisation_id not in (None, home):
            raise InvalidInput(_("This group isn’t for your members."), field="group")
        return chosen
    for group in groups:
        if group.organisation_id == home:
            return group
    raise InvalidInput(_("No group is set aside for your cluster. Choose one."), field="group")


def _mail_all(
    event: Event,
    participation: Participation,
    people: Sequence[Contact],
    kind: str,
    extra: str,
    sender: Sender,
    now: datetime,
) -> int:
    """Queue one mail for each contact; return how many."""
    organisation = participation.organisation
    page = "requests" if participation.state == Participation.State.REGISTERED else "register"
    path = reverse(f"events:{page}", args=[participation.pk])
    return sum(
        tell_contact(
            contact,
            participation=participation,
            now=now,
            key=f"event-{kind}:{participation.pk}:{contact.person_id}{extra}",
            template=f"events/mail/{kind}",
            context={
                "event": event,
                "participation": participation,
                "organisation": organisation,
                "name": contact.name,
                # Said when the mail is written, in its language.
                "deadline": lazy(say_moment, str)(event, event.deadline_at),
            },
            path=path,
            sender=sender,
        )
        for contact in people
    )
