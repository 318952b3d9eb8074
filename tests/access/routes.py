"""How each route is tried. Who may open it is said in the access matrix, and there alone.

A key is a route's name, with a word after it where the same route is tried on another object.
Whoever is not among its row's readers is refused, by GET and by POST. `PUBLIC` routes answer
everybody and must name nothing that is not public.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from proxeny.directory.models import DuplicatePair, Interest, Listing, Merge, SavedSearch
from proxeny.events.models import MeetingRequest
from tests.access import matrix
from tests.access.crowd import FEED, LINK, Crowd
from tests.factories.directory import ListingFactory


def _nothing(crowd: Crowd) -> dict:
    return {}


@dataclass(frozen=True)
class Route:
    """One route on one object.

    Attributes
    ----------
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
    readers : tuple of str
        Who gets the page, by the names of `Crowd.people`: from the matrix.
    """

    arguments: Callable[[Crowd], dict] = _nothing
    query: str = ""
    data: Callable[[Crowd], dict] = _nothing
    posts_only: bool = False
    statuses: tuple[int, ...] = (200,)
    readers: tuple[str, ...] = ()


def name_of(key: str) -> str:
    """Return the route's name of a key."""
    return key.partition(" ")[0]


EVERYBODY = tuple(matrix.COLUMNS.values())
#: Signed in; a list shows each the rows of their own, which may be none.
SIGNED_IN = EVERYBODY[1:]
#: Those whose seat opens something by itself: for one of them a program may act by a token.
SEATED = tuple(who for who in SIGNED_IN[1:] if who != "a_juror")
#: Clusters' managers keep members and propose partnerships, each for their own cluster.
MANAGERS = ("c_manager", "a_manager", "b_manager")
A = ("a_manager",)


def readers_of(key: str, found: dict[str, matrix.Row]) -> tuple[str, ...]:
    """Return who may, by the matrix; nobody where it has no row."""
    return tuple(who for who in EVERYBODY if key in found and who in found[key].readers)


def _by_matrix(routes: dict[str, Route]) -> dict[str, Route]:
    found = matrix.pages()
    return {key: replace(one, readers=readers_of(key, found)) for key, one in routes.items()}


def _member(crowd: Crowd) -> dict:
    return {"pk": crowd.world.a.members[0].pk}


def _partner(crowd: Crowd) -> dict:
    return {"pk": crowd.world.a.members[0].pk, "target_id": crowd.world.b.members[0].pk}


def _plan(crowd: Crowd) -> dict:
    partnership = crowd.world.partnership
    return {"pk": partnership.pk, "plan_id": partnership.introduction_plans.get().pk}


def _plan_row(crowd: Crowd) -> dict:
    plan = crowd.world.partnership.introduction_plans.get()
    return {**_plan(crowd), "row_id": plan.rows.get().pk}


def _kept(kind: str, record: object) -> dict:
    return {"kind": kind, "pk": record.pk}


def _invited(crowd: Crowd) -> dict:
    return {"pk": crowd.invited.pk}


def _hidden(crowd: Crowd) -> dict:
    return {"pk": crowd.hidden.pk}


def _archived(crowd: Crowd) -> dict:
    return {"pk": crowd.archived.pk}


def _search(crowd: Crowd) -> dict:
    return {"pk": SavedSearch.objects.get(person=crowd.world.a.representatives[0]).pk}


def _listing(crowd: Crowd) -> dict:
    return {"pk": crowd.listing.pk}


def _in_review(crowd: Crowd) -> dict:
    return {"pk": crowd.in_review.pk}


def _draft_offer(crowd: Crowd) -> dict:
    return {"pk": Listing.objects.get(status="draft", organisation=crowd.world.a.members[0]).pk}


def _resting(crowd: Crowd) -> dict:
    made = ListingFactory(organisation=crowd.world.a.members[0], status="on_hold")
    return {"pk": made.pk}


def _open_offer(crowd: Crowd) -> dict:
    # Nobody has been interested in it yet.
    return {"pk": ListingFactory(organisation=crowd.world.a.members[0]).pk}


def _interest(crowd: Crowd) -> dict:
    return {"pk": crowd.listing.interests.get().pk}


def _early(crowd: Crowd) -> dict:
    return {"pk": Interest.objects.get(passed_at=None).pk}


def _note(crowd: Crowd) -> dict:
    return {"note": "Say more.", **_version(crowd)}


def _version(crowd: Crowd) -> dict:
    return {"seen": 1}


def _cluster(crowd: Crowd) -> dict:
    return {"pk": crowd.world.a.cluster.pk}


def _alike(crowd: Crowd) -> dict:
    return {"pk": DuplicatePair.objects.get().pk}


def _merge(crowd: Crowd) -> dict:
    return {"pk": Merge.objects.get().pk}


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


WEBHOOKS = _by_matrix(
    {
        "webhooks:list": Route(),
        "webhooks:new": Route(data=_address),
        "webhooks:detail": Route(_webhook),
        "webhooks:edit": Route(_webhook, data=_address),
        "webhooks:pause": Route(_webhook, posts_only=True),
        "webhooks:resume": Route(_webhook, posts_only=True),
        "webhooks:rotate": Route(_webhook, posts_only=True),
        "webhooks:test": Route(_webhook, posts_only=True),
        "webhooks:remove": Route(_webhook),
        "webhooks:again": Route(_delivery, posts_only=True),
        "webhooks:again-all": Route(_webhook, posts_only=True),
    }
)

DIRECTORY = _by_matrix(
    {
        "directory:export": Route(),
        "directory:create": Route(),
        "directory:detail": Route(_member),
        "directory:detail hidden": Route(_hidden),
        # A asked it to the event that both run: B's staff may know whom they expect.
        "directory:detail invited": Route(_invited),
        "directory:edit": Route(_member),
        "directory:matches": Route(_member),
        "directory:matches-find": Route(_member, posts_only=True),
        "directory:matches-progress": Route(_member),
        "directory:matches-export": Route(_member),
        "directory:match-choose": Route(
            _partner, data=lambda _: {"verdict": "refused"}, posts_only=True
        ),
        "directory:wanted": Route(lambda crowd: {"pk": crowd.world.a.cluster.pk}),
        "directory:listing-add": Route(_member, data=_offer),
        "directory:listing-edit": Route(_listing, data=_offer),
        "directory:listing-archive": Route(_listing, posts_only=True),
        "directory:listing-restore": Route(_archived, posts_only=True),
        "directory:listing": Route(_listing),
        "directory:listing review": Route(_in_review),
        "directory:listing-edit review": Route(_in_review, data=_offer),
        "directory:listing-submit": Route(_draft_offer, posts_only=True),
        "directory:listing-withdraw": Route(_listing, posts_only=True),
        "directory:listing-hold": Route(_listing, posts_only=True),
        "directory:listing-resume": Route(_resting, posts_only=True),
        "directory:listing-renew": Route(_listing, posts_only=True),
        "directory:listing-follow": Route(_listing, posts_only=True),
        "directory:listing-unfollow": Route(_listing, posts_only=True),
        "directory:review": Route(),
        "directory:review-pass": Route(_in_review, data=_version, posts_only=True),
        "directory:review-return": Route(_in_review, data=_note),
        # Only who decided can take it back, and here nobody has.
        "directory:review-reopen": Route(_in_review, data=_version, posts_only=True),
        "directory:interest-express": Route(_open_offer),
        "directory:interests": Route(),
        "directory:interest": Route(_interest),
        "directory:interest early": Route(_early),
        "directory:interest-edit": Route(_early),
        "directory:interest-pass": Route(_early, data=_note, posts_only=True),
        "directory:interest-ask": Route(_early, data=_note, posts_only=True),
        "directory:interest-accept": Route(
            _interest, data=lambda _: {"contact": "Ask for us"}, posts_only=True
        ),
        "directory:interest-decline": Route(
            _interest, data=lambda _: {"reply": "Not now"}, posts_only=True
        ),
        "directory:interest-withdraw": Route(_interest, posts_only=True),
        "directory:following": Route(),
        "directory:searches": Route(),
        "directory:search-open": Route(_search),
        "directory:search-change": Route(_search, data=lambda _: {"name": "Kept"}, posts_only=True),
        "directory:search-remove": Route(_search, posts_only=True),
        "directory:follow": Route(_member, posts_only=True),
        "directory:unfollow": Route(_member, posts_only=True),
        "directory:cluster-profile": Route(_cluster, data=lambda _: {"listing_days": "90"}),
        "directory:duplicates": Route(),
        "directory:duplicates-find": Route(posts_only=True),
        "directory:duplicates-merge": Route(posts_only=True),
        "directory:duplicate": Route(_alike, data=lambda _: {"decision": "same"}),
        "directory:merge-undo": Route(_merge, posts_only=True),
        "directory:membership-end": Route(_membership, data=lambda _: {"ends_on": "2030-01-01"}),
        "directory:membership-restore": Route(_membership, posts_only=True),
        "directory:import-start": Route(),
        "directory:import-template": Route(),
        "directory:import-detail": Route(_import),
        "directory:import-columns": Route(_import, posts_only=True),
        "directory:import-read-again": Route(_import, posts_only=True),
        "directory:import-progress": Route(_import),
        "directory:import-apply": Route(_import, posts_only=True),
        "directory:import-decide": Route(_import, posts_only=True),
        "directory:import-discard": Route(_import, posts_only=True),
        "directory:import-problems": Route(_import),
    }
)

PEOPLE = _by_matrix(
    {
        "people:list": Route(),
        "people:invite": Route(),
        "people:resend": Route(_invitation, posts_only=True),
        "people:withdraw": Route(_invitation, posts_only=True),
        # Everybody may leave a seat of their own; only a manager gives it back.
        "people:end": Route(_seat),
        "people:restore": Route(_seat, posts_only=True),
        "people:hand-over": Route(_desk_seat),
        "people:last-day": Route(_desk_seat),
        "people:me": Route(),
        # Who is asked who they are first: the answer leads there.
        "privacy:mine": Route(),
        "privacy:file": Route(posts_only=True),
        "privacy:erase": Route(),
        "privacy:keep": Route(posts_only=True),
        "privacy:record": Route(),
        "privacy:erase-contact": Route(_member, data=lambda _: {"sure": "on"}),
        "privacy:erase-contact hidden": Route(_hidden, data=lambda _: {"sure": "on"}),
        "sessions:list": Route(),
        "sessions:end": Route(_session, posts_only=True),
        "sessions:end-others": Route(posts_only=True),
        "history:show": Route(lambda crowd: _kept("organisation", crowd.world.a.members[0])),
        "history:show hidden": Route(lambda crowd: _kept("organisation", crowd.hidden)),
        "history:show event": Route(lambda crowd: _kept("event", crowd.taken.event)),
        "history:show draft": Route(lambda crowd: _kept("event", crowd.draft_event)),
        "history:show listing": Route(lambda crowd: _kept("listing", crowd.listing)),
        "history:show interest": Route(
            lambda crowd: _kept("interest", crowd.listing.interests.get())
        ),
        "history:show import": Route(lambda crowd: _kept("import", crowd.member_import)),
        "history:show webhook": Route(lambda crowd: _kept("webhook", crowd.delivery.webhook)),
        "history:show person": Route(
            lambda crowd: _kept("person", crowd.world.a.representatives[0])
        ),
        # Only one's own seat can be lent to a program; its organisation's managers may shut it out.
        "people:tokens": Route(),
        "people:token-new": Route(),
        "people:token-revoke": Route(lambda crowd: {"pk": crowd.token.pk}),
        "people:feed-renew": Route(posts_only=True),
        "people:feed-revoke": Route(posts_only=True),
    }
)

PARTNERSHIPS = _by_matrix(
    {
        "partnerships:list": Route(),
        "partnerships:new": Route(),
        # Members see what their cluster has signed; a proposal only the staff of both sides.
        "partnerships:detail": Route(_partnership),
        "partnerships:detail proposal": Route(_proposal),
        "partnerships:history": Route(_partnership),
        "partnerships:history proposal": Route(_proposal),
        "partnerships:edit": Route(_proposal),
        "partnerships:propose": Route(_proposal, posts_only=True),
        "partnerships:sign": Route(_partnership, data=_signature, posts_only=True),
        "partnerships:sign proposal": Route(_proposal, data=_signature, posts_only=True),
        "partnerships:amend": Route(_partnership, data=_text),
        "partnerships:decline": Route(_proposal, data=_reason),
        "partnerships:withdraw": Route(_proposal, posts_only=True),
        "partnerships:end": Route(_partnership, data=_reason),
        # What is shared is read by the people who hold a seat in one of the two clusters.
        "partnerships:introductions": Route(_partnership),
        "partnerships:introduction-plan": Route(_plan),
        "partnerships:introduction-progress": Route(_plan),
        "partnerships:introduction-export": Route(_plan),
        "partnerships:introduction-decide": Route(
            _plan_row, data=lambda _: {"state": "kept"}, posts_only=True
        ),
        "partnerships:sharing": Route(_partnership),
        "partnerships:share": Route(_partnership, data=_purpose),
        "partnerships:share-member": Route(_partnership),
        # Where there is one partnership, on to its form.
        "partnerships:share-start": Route(lambda crowd: {"member_id": crowd.public.pk}),
        "partnerships:share-file": Route(_partnership, data=_purpose),
        "partnerships:share-change": Route(_grant),
        "partnerships:unshare": Route(_grant),
        "partnerships:share-again": Route(_grant, posts_only=True),
        "partnerships:file": Route(_file_grant),
        "partnerships:file-remove": Route(_file_grant),
    }
)

EVENTS = _by_matrix({
    "events:list": Route(),
    "events:export": Route(),
    "events:create": Route(),
    "events:detail": Route(_event),
    "events:detail draft": Route(_draft),
    "events:participants": Route(_event),
    "events:participants-export": Route(_event),
    "events:participants-export draft": Route(_draft),
    "events:setup": Route(_event),
    "events:setup-days": Route(_event),
    "events:setup-preview": Route(_event, posts_only=True),
    "events:setup-tables": Route(_event),
    "events:setup-groups": Route(_event),
    "events:setup-rules": Route(_event),
    "events:setup-opening": Route(_event),
    "events:reopen": Route(
        _event, posts_only=True,
        data=lambda _: {"deadline_at": "2027-03-02", "deadline_time": "12:00"},
    ),
    "events:cancel": Route(_event, data=_reason, posts_only=True),
    "events:change-state": Route(_opening, posts_only=True),
    "events:invite": Route(_event),
    "events:answers": Route(_event),
    "events:remind": Route(_event, posts_only=True),
    "events:check-in": Route(_event),
    "events:register": Route(_greek),
    "events:withdraw": Route(_greek, data=_reason),
    "events:set-here": Route(_greek, data=lambda _: {"here": "1"}, posts_only=True),
    # Whom somebody marked is told to nobody but the own cluster.
    "events:requests": Route(_greek),
    "events:suggestions": Route(_greek),
    "events:suggestions-find": Route(_greek, posts_only=True),
    "events:suggestions-progress": Route(_greek),
    "events:mark": Route(
        _mark, data=lambda _: {"kind": MeetingRequest.Kind.WISH}, posts_only=True
    ),
})  # fmt: skip

AGENDA = _by_matrix({
    # Participants are led to their own agenda, staff who take no part to the timetable.
    "events:agenda": Route(_event),
    "events:timetable": Route(_event),
    "events:my-agenda": Route(_event),
    "events:my-agenda-ics": Route(_event),
    "events:agenda-run": Route(_event, posts_only=True),
    "events:agenda-progress": Route(_event),
    "events:agenda-stop": Route(_event, posts_only=True),
    "events:agenda-show": Route(_event, posts_only=True),
    "events:agenda-publish": Route(_event, posts_only=True),
    "events:agenda-discard": Route(_event, posts_only=True),
    "events:agenda-export": Route(_event),
    "events:outcome": Route(_event),
    "events:outcome-ask": Route(_event, posts_only=True),
    "events:agenda-print": Route(_event),
    "events:entry-add": Route(_event, data=_pair),
    "events:entry": Route(_entry),
    "events:entry-lock": Route(
        _entry, data=lambda _: {"locked": "1"}, posts_only=True
    ),
    "events:entry-move": Route(_entry, data=_place, posts_only=True),
    "events:entry-cancel": Route(_entry, data=_reason, posts_only=True),
    "events:repair": Route(_event),
    "events:repair-apply": Route(_event, posts_only=True),
    # The two who meet, and nobody else; while it is not shown yet, not even they.
    "events:meeting-withdraw": Route(_entry, data=_reason),
    "events:meeting-withdraw hidden": Route(_hidden_entry, data=_reason),
})  # fmt: skip

MEETINGS = _by_matrix(
    {
        "meetings:ratings": Route(),
        "meetings:rate": Route(_meeting, data=lambda _: {"value": "possible"}, posts_only=True),
    }
)


def _failed(crowd: Crowd) -> dict:
    return {"job_id": crowd.failed.pk}


WORK = _by_matrix(
    {
        # Each sees the failed work of their own, which may be none.
        "failed": Route(),
        "failed-retry": Route(_failed, posts_only=True),
        "failed-dismiss": Route(_failed, posts_only=True),
    }
)

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

PUBLIC: dict[str, Route] = _by_matrix(
    {
        "home": Route(),
        "components": Route(),
        "health-live": Route(),
        # No worker runs in tests; without the token there are no figures.
        "health-ready": Route(statuses=(503,)),
        "metrics": Route(statuses=(404,)),
        "set_language": Route(statuses=(302,)),
        "privacy:notice": Route(),
        "directory:list": Route(),
        "directory:map": Route(),
        "directory:listings": Route(),
        "directory:terms": Route(lambda _: {"scheme": "nace"}),
        "directory:regions": Route(),
        "directory:detail public": Route(lambda crowd: {"pk": crowd.public.pk}),
        "invitation": Route(lambda _: {"token": "unknown"}, statuses=(404,)),
        # Who holds the link reads who invites whom to what, and nothing else.
        "invitation known": Route(lambda _: {"token": LINK}),
        "meetings:feed": Route(lambda _: {"token": "unknown"}, statuses=(404,)),
        # Whoever holds a calendar's address reads the meetings in it.
        "meetings:feed known": Route(lambda _: {"token": FEED}),
    }
)
