"""Who may open which route, by the product's rules.

A key is a route's name, with a word after it where the same route is tried on another object.
Whoever is not among an entry's `readers` is refused, by GET and by POST. `PUBLIC` routes answer
everybody and must name nothing that is not public.
"""

from collections.abc import Callable
from dataclasses import dataclass

from proxeny.events.models import MeetingRequest
from tests.access.crowd import LINK, Crowd


def _nothing(crowd: Crowd) -> dict:
    return {}


@dataclass(frozen=True)
class Route:
    """One route on one object.

    Attributes
    ----------
    readers : tuple of str
        Who gets the page, by the names of `Crowd.people`.
    arguments : callable
        The route's arguments, from the crowd.
    query : str
        What follows the path, from `?` on.
    data : callable
        A valid form: refused people send it too, so that no form stands before the rule.
    posts_only : bool
        Whether the route answers no GET.
    statuses : tuple of int
        For a public route: how it answers.
    """

    readers: tuple[str, ...]
    arguments: Callable[[Crowd], dict] = _nothing
    query: str = ""
    data: Callable[[Crowd], dict] = _nothing
    posts_only: bool = False
    statuses: tuple[int, ...] = (200,)


def name_of(key: str) -> str:
    """Return the route's name of a key."""
    return key.partition(" ")[0]


EVERYBODY = (
    "nobody", "stranger", "c_manager", "c_member", "a_manager", "a_ambassador", "a_member",
    "a_other_member", "b_manager", "b_member",
)  # fmt: skip
#: Signed in; a list shows each the rows of their own, which may be none.
SIGNED_IN = EVERYBODY[1:]
#: Those with a seat: for one of them a program may act by a token.
SEATED = SIGNED_IN[1:]
#: Clusters' managers keep members and propose partnerships, each for their own cluster.
MANAGERS = ("c_manager", "a_manager", "b_manager")
#: Managers of the two clusters of a signed partnership run its events together.
ORGANISERS = ("a_manager", "b_manager")
#: People of the two clusters see all of the room; participants see what concerns them.
STAFF = (*ORGANISERS, "a_ambassador")
MEMBERS = ("a_member", "a_other_member", "b_member")
CIRCLE = (*STAFF, *MEMBERS)
SIDE_A = ("a_manager", "a_ambassador", "a_member", "a_other_member")
A = ("a_manager",)
#: The member itself and its own cluster.
KEEPERS = ("a_manager", "a_member")


def _member(crowd: Crowd) -> dict:
    return {"pk": crowd.world.a.members[0].pk}


def _kept(kind: str, record: object) -> dict:
    return {"kind": kind, "pk": record.pk}


def _invited(crowd: Crowd) -> dict:
    return {"pk": crowd.invited.pk}


def _hidden(crowd: Crowd) -> dict:
    return {"pk": crowd.hidden.pk}


def _archived(crowd: Crowd) -> dict:
    return {"pk": crowd.archived.pk}


def _listing(crowd: Crowd) -> dict:
    return {"pk": crowd.listing.pk}


def _membership(crowd: Crowd) -> dict:
    return {"pk": crowd.world.a.members[0].memberships.get().pk}


def _import(crowd: Crowd) -> dict:
    return {"pk": crowd.member_import.pk}


def _seat(crowd: Crowd) -> dict:
    return {"pk": crowd.world.a.representatives[0].seats.get().pk}


def _desk_seat(crowd: Crowd) -> dict:
    return {"pk": crowd.world.a.ambassador.seats.get().pk}


def _invitation(crowd: Crowd) -> dict:
    return {"pk": crowd.invitation.pk}


def _partnership(crowd: Crowd) -> dict:
    return {"pk": crowd.world.partnership.pk}


def _proposal(crowd: Crowd) -> dict:
    return {"pk": crowd.proposal.pk}


def _grant(crowd: Crowd) -> dict:
    grant = crowd.world.partnership.grants.get(organisation=crowd.world.a.cluster, kind="list")
    return {"pk": crowd.world.partnership.pk, "grant_id": grant.pk}


def _file_grant(crowd: Crowd) -> dict:
    return {"pk": crowd.world.partnership.pk, "grant_id": crowd.shared_file.pk}


def _event(crowd: Crowd) -> dict:
    return {"event_id": crowd.taken.event.pk}


def _draft(crowd: Crowd) -> dict:
    return {"event_id": crowd.draft_event.pk}


def _opening(crowd: Crowd) -> dict:
    return {"event_id": crowd.draft_event.pk, "verb": "open"}


def _greek(crowd: Crowd) -> dict:
    return {"participation_id": crowd.taken.greek[0].pk}


def _mark(crowd: Crowd) -> dict:
    return {"participation_id": crowd.taken.greek[0].pk, "target_id": crowd.taken.french[2].pk}


def _entry(crowd: Crowd) -> dict:
    return {"event_id": crowd.taken.event.pk, "entry_id": crowd.meeting.agenda_entry.pk}


def _hidden_entry(crowd: Crowd) -> dict:
    return {"event_id": crowd.taken.event.pk, "entry_id": crowd.hidden_meeting.agenda_entry.pk}


def _meeting(crowd: Crowd) -> dict:
    return {"meeting_id": crowd.meeting.pk}


def _webhook(crowd: Crowd) -> dict:
    return {"pk": crowd.delivery.webhook_id}


def _delivery(crowd: Crowd) -> dict:
    return _webhook(crowd) | {"delivery_id": crowd.delivery.pk}


def _address(crowd: Crowd) -> dict:
    return {"url": "https://hooks.example.org/new", "organisation_id": crowd.world.a.cluster.pk}


def _reason(crowd: Crowd) -> dict:
    return {"reason": "It does not fit."}


def _signature(crowd: Crowd) -> dict:
    return {"number": 1, "text_hash": "0" * 64}


def _text(crowd: Crowd) -> dict:
    return {"text": "We work together more.", "version": 1}


def _session(crowd: Crowd) -> dict:
    return {"pk": crowd.session.pk}


def _purpose(crowd: Crowd) -> dict:
    return {"purpose": "Find partners"}


def _offer(crowd: Crowd) -> dict:
    return {"direction": "offer", "kind": "business", "title": "A title", "version": 1,
            "language": "en", "status": "published"}  # fmt: skip


def _place(crowd: Crowd) -> dict:
    slot, table = crowd.taken.event.slots.last(), crowd.taken.event.tables.last()
    return {"place": f"{slot.pk}-{table.pk}"}


def _pair(crowd: Crowd) -> dict:
    first, second = crowd.taken.greek[2].pk, crowd.taken.french[2].pk
    return {"first": first, "second": second, **_place(crowd)}


WEBHOOKS = {
    "webhooks:list": Route(MANAGERS),
    "webhooks:new": Route(MANAGERS, data=_address),
    "webhooks:detail": Route(A, _webhook),
    "webhooks:edit": Route(A, _webhook, data=_address),
    "webhooks:pause": Route(A, _webhook, posts_only=True),
    "webhooks:resume": Route(A, _webhook, posts_only=True),
    "webhooks:rotate": Route(A, _webhook, posts_only=True),
    "webhooks:test": Route(A, _webhook, posts_only=True),
    "webhooks:remove": Route(A, _webhook),
    "webhooks:again": Route(A, _delivery, posts_only=True),
    "webhooks:again-all": Route(A, _webhook, posts_only=True),
}

DIRECTORY = {
    "directory:export": Route(SIGNED_IN),
    "directory:create": Route(MANAGERS),
    "directory:detail": Route(CIRCLE, _member),
    "directory:detail hidden": Route(("a_manager", "a_ambassador"), _hidden),
    # A asked it to the event that both run: B's staff may know whom they expect.
    "directory:detail invited": Route(STAFF, _invited),
    "directory:edit": Route(KEEPERS, _member),
    "directory:listing-add": Route(KEEPERS, _member, data=_offer),
    "directory:listing-edit": Route(KEEPERS, _listing, data=_offer),
    "directory:listing-archive": Route(KEEPERS, _listing, posts_only=True),
    "directory:listing-restore": Route(KEEPERS, _archived, posts_only=True),
    "directory:membership-end": Route(A, _membership, data=lambda _: {"ends_on": "2030-01-01"}),
    "directory:membership-restore": Route(A, _membership, posts_only=True),
    "directory:import-start": Route(MANAGERS),
    "directory:import-template": Route(SIGNED_IN),
    "directory:import-detail": Route(A, _import),
    "directory:import-columns": Route(A, _import, posts_only=True),
    "directory:import-read-again": Route(A, _import, posts_only=True),
    "directory:import-progress": Route(A, _import),
    "directory:import-apply": Route(A, _import, posts_only=True),
    "directory:import-discard": Route(A, _import, posts_only=True),
    "directory:import-problems": Route(A, _import),
}

PEOPLE = {
    "people:list": Route(SIGNED_IN),
    "people:invite": Route(MANAGERS),
    "people:resend": Route(A, _invitation, posts_only=True),
    "people:withdraw": Route(A, _invitation, posts_only=True),
    # Everybody may leave a seat of their own; only a manager gives it back.
    "people:end": Route(KEEPERS, _seat, posts_only=True),
    "people:restore": Route(A, _seat, posts_only=True),
    "people:hand-over": Route(A, _desk_seat),
    "people:last-day": Route(A, _desk_seat),
    "people:me": Route(SIGNED_IN),
    # Who is asked who they are first: the answer leads there.
    "privacy:mine": Route(SIGNED_IN),
    "privacy:file": Route(SIGNED_IN, posts_only=True),
    "privacy:erase": Route(SIGNED_IN),
    "privacy:keep": Route(SIGNED_IN, posts_only=True),
    "privacy:record": Route(MANAGERS),
    "privacy:erase-contact": Route(A, _member, data=lambda _: {"sure": "on"}),
    "privacy:erase-contact hidden": Route(A, _hidden, data=lambda _: {"sure": "on"}),
    "sessions:list": Route(SIGNED_IN),
    "sessions:end": Route(("a_member",), _session, posts_only=True),
    "sessions:end-others": Route(SIGNED_IN, posts_only=True),
    "history:show": Route(CIRCLE, lambda crowd: _kept("organisation", crowd.world.a.members[0])),
    "history:show hidden": Route(
        ("a_manager", "a_ambassador"), lambda crowd: _kept("organisation", crowd.hidden)
    ),
    "history:show event": Route(CIRCLE, lambda crowd: _kept("event", crowd.taken.event)),
    "history:show draft": Route(STAFF, lambda crowd: _kept("event", crowd.draft_event)),
    "history:show import": Route(A, lambda crowd: _kept("import", crowd.member_import)),
    "history:show webhook": Route(A, lambda crowd: _kept("webhook", crowd.delivery.webhook)),
    "history:show person": Route(
        ("a_manager", "a_member"), lambda crowd: _kept("person", crowd.world.a.representatives[0])
    ),
    # Only one's own seat can be lent to a program; its organisation's managers may shut it out.
    "people:tokens": Route(SIGNED_IN),
    "people:token-new": Route(SEATED),
    "people:token-revoke": Route(
        ("a_manager", "a_ambassador"), lambda crowd: {"pk": crowd.token.pk}, posts_only=True
    ),
    "people:feed-renew": Route(SIGNED_IN, posts_only=True),
    "people:feed-revoke": Route(SIGNED_IN, posts_only=True),
}

PARTNERSHIPS = {
    "partnerships:list": Route(SIGNED_IN),
    "partnerships:new": Route(MANAGERS),
    # Members see what their cluster has signed; a proposal only the staff of both sides.
    "partnerships:detail": Route(CIRCLE, _partnership),
    "partnerships:detail proposal": Route(("a_manager", "a_ambassador", "c_manager"), _proposal),
    "partnerships:history": Route(CIRCLE, _partnership),
    "partnerships:history proposal": Route(("a_manager", "a_ambassador", "c_manager"), _proposal),
    "partnerships:edit": Route(A, _proposal),
    "partnerships:propose": Route(A, _proposal, posts_only=True),
    "partnerships:sign": Route(ORGANISERS, _partnership, data=_signature, posts_only=True),
    "partnerships:sign proposal": Route(
        ("a_manager", "c_manager"), _proposal, data=_signature, posts_only=True
    ),
    "partnerships:amend": Route(ORGANISERS, _partnership, data=_text),
    "partnerships:decline": Route(("c_manager",), _proposal, data=_reason),
    "partnerships:withdraw": Route(A, _proposal, posts_only=True),
    "partnerships:end": Route(ORGANISERS, _partnership, data=_reason),
    # What is shared is read by the people who hold a seat in one of the two clusters.
    "partnerships:sharing": Route(STAFF, _partnership),
    "partnerships:share": Route(ORGANISERS, _partnership, data=_purpose),
    "partnerships:share-member": Route(ORGANISERS, _partnership),
    # Where there is one partnership, on to its form.
    "partnerships:share-start": Route(A, lambda crowd: {"member_id": crowd.public.pk}),
    "partnerships:share-file": Route(ORGANISERS, _partnership, data=_purpose),
    "partnerships:share-change": Route(A, _grant),
    "partnerships:unshare": Route(A, _grant),
    "partnerships:share-again": Route(A, _grant, posts_only=True),
    "partnerships:file": Route(STAFF, _file_grant),
    "partnerships:file-remove": Route(A, _file_grant),
}

EVENTS = {
    "events:list": Route(SIGNED_IN),
    "events:export": Route(SIGNED_IN),
    "events:create": Route(ORGANISERS),
    "events:detail": Route(CIRCLE, _event),
    "events:detail draft": Route(STAFF, _draft),
    "events:participants": Route(CIRCLE, _event),
    "events:participants-export": Route(CIRCLE, _event),
    "events:participants-export draft": Route(STAFF, _draft),
    "events:setup": Route(ORGANISERS, _event),
    "events:setup-days": Route(ORGANISERS, _event),
    "events:setup-preview": Route(ORGANISERS, _event, posts_only=True),
    "events:setup-tables": Route(ORGANISERS, _event),
    "events:setup-groups": Route(ORGANISERS, _event),
    "events:setup-rules": Route(ORGANISERS, _event),
    "events:setup-opening": Route(ORGANISERS, _event),
    "events:reopen": Route(
        ORGANISERS, _event, posts_only=True,
        data=lambda _: {"deadline_at": "2027-03-02", "deadline_time": "12:00"},
    ),
    "events:cancel": Route(ORGANISERS, _event, data=_reason, posts_only=True),
    "events:change-state": Route(ORGANISERS, _opening, posts_only=True),
    "events:invite": Route(ORGANISERS, _event),
    "events:answers": Route(ORGANISERS, _event),
    "events:remind": Route(ORGANISERS, _event, posts_only=True),
    "events:check-in": Route(ORGANISERS, _event),
    "events:register": Route(KEEPERS, _greek),
    "events:withdraw": Route(KEEPERS, _greek, data=_reason),
    "events:set-here": Route(ORGANISERS, _greek, data=lambda _: {"here": "1"}, posts_only=True),
    # Whom somebody marked is told to nobody but the own cluster.
    "events:requests": Route(KEEPERS, _greek),
    "events:mark": Route(
        KEEPERS, _mark, data=lambda _: {"kind": MeetingRequest.Kind.WISH}, posts_only=True
    ),
}  # fmt: skip

AGENDA = {
    # Participants are led to their own agenda, staff who take no part to the timetable.
    "events:agenda": Route(CIRCLE, _event),
    "events:timetable": Route(CIRCLE, _event),
    "events:my-agenda": Route(CIRCLE, _event),
    "events:my-agenda-ics": Route(MEMBERS, _event),
    "events:agenda-run": Route(ORGANISERS, _event, posts_only=True),
    "events:agenda-progress": Route(STAFF, _event),
    "events:agenda-stop": Route(ORGANISERS, _event, posts_only=True),
    "events:agenda-show": Route(ORGANISERS, _event, posts_only=True),
    "events:agenda-publish": Route(ORGANISERS, _event, posts_only=True),
    "events:agenda-discard": Route(ORGANISERS, _event, posts_only=True),
    "events:agenda-export": Route(STAFF, _event),
    "events:outcome": Route(STAFF, _event),
    "events:outcome-ask": Route(ORGANISERS, _event, posts_only=True),
    "events:agenda-print": Route(STAFF, _event),
    "events:entry-add": Route(ORGANISERS, _event, data=_pair),
    "events:entry": Route(STAFF, _entry),
    "events:entry-lock": Route(
        ORGANISERS, _entry, data=lambda _: {"locked": "1"}, posts_only=True
    ),
    "events:entry-move": Route(ORGANISERS, _entry, data=_place, posts_only=True),
    "events:entry-cancel": Route(ORGANISERS, _entry, data=_reason, posts_only=True),
    "events:repair": Route(ORGANISERS, _event),
    "events:repair-apply": Route(ORGANISERS, _event, posts_only=True),
    # The two who meet, and nobody else; while it is not shown yet, not even they.
    "events:meeting-withdraw": Route(("a_member", "b_member"), _entry, data=_reason),
    "events:meeting-withdraw hidden": Route((), _hidden_entry, data=_reason),
}  # fmt: skip

MEETINGS = {
    "meetings:ratings": Route(SIGNED_IN),
    "meetings:rate": Route(
        ("a_member", "b_member"), _meeting, data=lambda _: {"value": "possible"}, posts_only=True
    ),
}


def _failed(crowd: Crowd) -> dict:
    return {"job_id": crowd.failed.pk}


WORK = {
    # Each sees the failed work of their own, which may be none.
    "failed": Route(SIGNED_IN),
    "failed-retry": Route(A, _failed, posts_only=True),
    "failed-dismiss": Route(A, _failed, posts_only=True),
}

CAPABILITIES: dict[str, dict[str, Route]] = {
    "work": WORK,
    "directory": DIRECTORY,
    "people": PEOPLE,
    "partnerships": PARTNERSHIPS,
    "events": EVENTS,
    "agenda": AGENDA,
    "meetings": MEETINGS,
    "webhooks": WEBHOOKS,
}

ROUTES: dict[str, Route] = {
    key: route for routes in CAPABILITIES.values() for key, route in routes.items()
}

PUBLIC: dict[str, Route] = {
    "home": Route(EVERYBODY),
    "components": Route(EVERYBODY),
    "health-live": Route(EVERYBODY),
    # No worker runs in tests; without the token there are no figures.
    "health-ready": Route(EVERYBODY, statuses=(503,)),
    "metrics": Route(EVERYBODY, statuses=(404,)),
    "set_language": Route(EVERYBODY, statuses=(302,)),
    "privacy:notice": Route(EVERYBODY),
    "directory:list": Route(EVERYBODY),
    "directory:detail": Route(EVERYBODY, lambda crowd: {"pk": crowd.public.pk}),
    "invitation": Route(EVERYBODY, lambda _: {"token": "unknown"}, statuses=(404,)),
    # Who holds the link reads who invites whom to what, and nothing else.
    "invitation known": Route(EVERYBODY, lambda _: {"token": LINK}),
    "meetings:feed": Route(EVERYBODY, lambda _: {"token": "unknown"}, statuses=(404,)),
}
