"""What each sees after something has changed: a grant, a partnership, a seat, a membership."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proxeny.accounts.models import Seat
from proxeny.directory.models import Listing, Membership, Organisation
from proxeny.events.models import MeetingRequest
from proxeny.kernel.models import AuditEntry, Job, Mail
from proxeny.kernel.tenancy import SERVICE, enter
from proxeny.partnerships.models import Partnership
from tests.access.crowd import FEED, Crowd
from tests.access.mails import write_every_mail
from tests.access.probes import (
    Clients,
    address_of,
    is_paper,
    is_refusal,
    is_secret,
    readable,
    text_of,
)
from tests.access.routes import (
    AGENDA,
    DESK,
    EVENTS,
    MANAGERS,
    PARTNERSHIPS,
    ROUTES,
    SIGNED_IN,
    A,
    label_public,
)
from tests.factories.directory import ListingFactory, MembershipFactory, OrganisationFactory

NOTE = "We know them, and never again."
#: What a former member keeps of its assessment.
OWN_ASSESSMENT = (
    "assessments:own-engagement",
    "assessments:own-report",
    "assessments:own-report-pdf",
)
#: The bids in which it takes part tell it who else does.
OWN_BIDS = ("bids:own", "bids:own-list")
#: The letter about its own application is from the two clusters that decided.
OWN_LETTERS = ("labels:own-result-pdf",)
ABSENT = ("Absent of A", "Offer of the absent")


def _yesterday() -> date:
    return timezone.now().date() - timedelta(days=1)


#: Who gives a label is published with it, and told to whoever could apply for it.
LABELS = (*label_public.PUBLIC, "labels:applications", "labels:application-begin")
ISSUERS = ("Greek cluster", "French cluster")


def _told(crowd: Crowd, who: str, words: tuple[str, ...]) -> list[str]:
    """Return where a person reads one of these words: pages, files, calendars."""
    client, found = Clients(crowd)[who], []
    for key, address, _route in readable(crowd):
        # What all sides let be seen is seen by everybody.
        if is_secret(key) or key.startswith("alliances:public"):
            continue
        text = text_of(client.get(address))
        found += [
            f"{key} tells {who} of {word}"
            for word in words
            if word in text and not (key in LABELS and word in ISSUERS)
        ]
    return found


def _opened(crowd: Crowd, who: str, routes: dict) -> list[str]:
    """Return which of these routes do not refuse a person, by GET or by a POST that is well filled in."""
    client, found = Clients(crowd)[who], []
    for key, route in routes.items():
        address = address_of(key, route, crowd)
        answers = [client.get(address), client.post(address, route.data(crowd))]
        if not all(is_refusal(one) or one.status_code == 405 for one in answers):
            found.append(f"{key} answers {who} {[one.status_code for one in answers]}")
    return found


@pytest.fixture
def absent(crowd) -> Organisation:
    """A member of A that partners may see, and that comes to no event."""
    a = crowd.world.a
    member = OrganisationFactory(name=ABSENT[0], steward=a.cluster, country="GR")
    MembershipFactory(cluster=a.cluster, organisation=member)
    ListingFactory(organisation=member, title=ABSENT[1], status=Listing.Status.PUBLISHED)
    return member


def _traces() -> tuple[int, ...]:
    # What a route is tried on is made with its address, and is no trace.
    jobs = Job._base_manager.exclude(key__startswith="access:")
    return AuditEntry._base_manager.count(), jobs.count(), Mail._base_manager.count()


#: What belongs to the room of A and B: all but lists, proposals, and A's own right to stop sharing.
ROOM = {
    key: route
    for key, route in {**EVENTS, **AGENDA, **PARTNERSHIPS, **DESK}.items()
    if route.readers not in (SIGNED_IN, MANAGERS, A)
    and "proposal" not in key
    and key != "partnerships:decline"
    and not key.startswith("history:")
}


def test_an_ended_partnership_is_read_by_the_clusters_and_changed_by_nobody(crowd, absent):
    Partnership.objects.filter(pk=crowd.world.partnership.pk).update(state="ended")
    clients, before = Clients(crowd), _traces()
    for who in ("b_manager", "b_member"):
        assert _told(crowd, who, ABSENT) == []
    for who in ("a_member", "a_other_member", "b_member"):
        assert _opened(crowd, who, ROOM) == []
    for who in ("a_manager", "a_ambassador", "b_manager"):
        for name in ("partnerships:detail", "partnerships:history", "events:detail"):
            assert clients[who].get(address_of(name, ROUTES[name], crowd)).status_code == 200
        for key, route in ROOM.items():
            assert clients[who].post(address_of(key, route, crowd), route.data(crowd)), key
    assert _traces() == before


def test_the_other_side_of_a_proposal_sees_the_proposal_and_nothing_else(crowd):
    client = Clients(crowd)["c_manager"]
    page = text_of(client.get(reverse("partnerships:detail", args=[crowd.proposal.pk])))
    assert "Athens – Casablanca" in page
    assert "We work together." in page
    names = [one.name for one in crowd.world.a.members + crowd.world.b.members]
    staff = ["Greek manager", "Greek ambassador", "French cluster", "Room of A and B"]
    assert _told(crowd, "c_manager", (*names, *staff, "Private of A", "Hidden of A")) == []
    for who in ("c_member", "stranger", "nobody"):
        assert _told(crowd, who, ("Athens – Casablanca", "Greek cluster")) == [], who


def test_a_draft_is_seen_by_its_own_side_alone(crowd):
    Partnership.objects.filter(pk=crowd.proposal.pk).update(state="draft")
    assert (
        _told(crowd, "c_manager", ("Athens – Casablanca", "We work together.", "Greek cluster"))
        == []
    )
    routes = {key: route for key, route in PARTNERSHIPS.items() if "pk" in route.arguments(crowd)}
    assert _opened(crowd, "c_manager", routes) == []


KEPT = ("directory:search-open", "directory:search-change", "directory:search-remove")


def test_who_has_left_a_seat_sees_nothing_any_more(crowd):
    Seat.objects.update(starts_on=_yesterday() - timedelta(days=9), ends_on=_yesterday())
    words = (
        "member 1",
        "member 2",
        "Private of A",
        "Hidden of A",
        "Room of A and B",
        "Greek ambassador",
        "Greek cluster",
        "French cluster",
    )
    # Their browsers, their own person, the searches they keep and what they were told stay theirs.
    own = {
        key: route
        for key, route in ROUTES.items()
        if route.readers != SIGNED_IN
        and not key.startswith(("sessions:", "history:show person", "notices:", *KEPT))
    }
    before = _traces()
    for who in ("a_manager", "a_member", "b_member"):
        assert _told(crowd, who, words) == [], who
        # A seat that has ended can be left again: that says so, and changes nothing.
        others = {key: route for key, route in own.items() if key != "people:end"}
        assert _opened(crowd, who, others) == [], who
    assert _traces() == before
    feed = Clients(crowd)["nobody"].get(reverse("meetings:feed", args=[FEED]))
    assert "VEVENT" not in text_of(feed)


def test_the_feed_shows_the_meetings_as_long_as_the_seat_is_held(crowd):
    feed = text_of(Clients(crowd)["nobody"].get(reverse("meetings:feed", args=[FEED])))
    # One of the event, and one that the desk arranged; the others are last days of its own.
    days = feed.count("DTSTART;VALUE=DATE:")
    assert feed.count("BEGIN:VEVENT") - days == 2
    assert feed.count("TRANSP:TRANSPARENT") == days == 2
    assert "French member 1" in feed.replace("\r\n ", "")
    assert "French member 2" not in feed.replace("\r\n ", "")


def test_a_former_member_sees_no_more_of_the_cluster_and_its_partners(crowd):
    a = crowd.world.a
    Organisation.objects.filter(pk=a.members[1].pk).update(visibility="cluster")
    assert _told(crowd, "a_member", ("Greek member 2",)) != []
    Membership.objects.filter(organisation=a.members[0]).update(ends_on=_yesterday())
    words = (
        "Greek member 2",
        "Greek member 3",
        "French member 2",
        "French cluster",
        "Room of A and B",
        crowd.taken.event.title,
        "Private of A",
    )
    # The meeting that was agreed with one French member stands, and names just that one. What it
    # asked of the ambassador stays its own, and says in which partnership it was asked; so do its
    # assessment and the report of it, which name the two clusters that it was agreed with, its bids,
    # and the letter about what it applied for.
    told = set(_told(crowd, "a_member", words))
    assert {one.partition(" tells ")[0] for one in told} == {
        "ambassadors:own",
        "ambassadors:own-mandate",
        *OWN_ASSESSMENT,
        *OWN_BIDS,
        *OWN_LETTERS,
    }
    assert {one.partition(" of ")[2] for one in told} == {"Room of A and B", "French cluster"}
    before = _traces()
    assert _opened(crowd, "a_member", ROOM) == []
    assert _traces() == before


def _seen(crowd: Crowd, person: str, *, only: Iterable[str] = ()) -> dict[str, str]:
    """Return all that somebody reads, without what differs from request to request.

    What was refused is left out, so that a second look needs not ask for it again. Nobody else
    notices the look: that somebody signed in and read what is shared is noted for both sides.
    """
    if crowd.addresses is None:
        # What some of them are tried on is made with them: once, so that it is the same each time.
        # What is on paper stands on a page as well.
        crowd.addresses = {
            key: one for key, one, _ in readable(crowd) if key != "components" and not is_paper(key)
        }
    with transaction.atomic():
        read = _read(crowd, Clients(crowd)[person], only)
        transaction.set_rollback(True)
    enter(SERVICE)
    return read


def _read(crowd: Crowd, client: Client, only: Iterable[str]) -> dict[str, str]:
    addresses = dict(crowd.addresses)
    for number, one in enumerate([*crowd.taken.french[:2], *crowd.taken.greek[:2]]):
        addresses[f"requests {number}"] = reverse("events:requests", args=[one.pk])
        addresses[f"no thanks {number}"] = addresses[f"requests {number}"] + "?marked=no-thanks"
        addresses[f"register {number}"] = reverse("events:register", args=[one.pk])
    token = re.compile(r"\b[A-Za-z0-9]{64}\b")
    # When this look was noted or what a form offers as now, which session looked.
    # How long ago something was. Or what the page before left to say.
    made = re.compile(
        r"\d{4}-\d\d-\d\dT[\d:.+]+|, \d\d:\d\d[<\"]|>(?:just now|\w+\s\w+ ago)</time>|value=\"\d\d:\d\d\"|/sessions/\d+/|\s*<div class=\"px-toast .*?</div>",
        re.DOTALL,
    )
    read = {key: client.get(one) for key, one in addresses.items() if not only or key in only}
    return {
        key: made.sub("", token.sub("", text_of(answer)))
        for key, answer in read.items()
        if not is_refusal(answer)
    }


@pytest.mark.long
def test_a_no_thanks_changes_nothing_that_anybody_else_reads(crowd):
    taken, b = crowd.taken, crowd.world.b
    people = ("a_ambassador", "a_other_member", "b_manager", "b_member", "target")
    crowd.others["target"] = b.representatives[1]
    no = MeetingRequest.objects.get(kind=MeetingRequest.Kind.NO_THANKS)
    assert (no.source, no.target) == (taken.greek[0], taken.french[1])
    no.note = NOTE
    no.save()
    told = {who: _seen(crowd, who) for who in people}
    asker = _seen(crowd, "a_member")
    no.delete()
    for who in people:
        assert [key for key, text in told[who].items() if NOTE in text] == [], who
        after = _seen(crowd, who, only=told[who])
        differing = [key for key in told[who] if after.get(key) != told[who][key]]
        assert differing == [], who
    assert [key for key, text in _seen(crowd, "a_member").items() if text != asker[key]] != []


def test_a_no_thanks_travels_in_no_mail(crowd):
    MeetingRequest.objects.filter(kind=MeetingRequest.Kind.NO_THANKS).update(note=NOTE)
    mails = write_every_mail(crowd, "A reason that was typed.")
    assert len(mails) > 12
    for mail in mails:
        said = "\n".join((mail.subject, mail.text, mail.html, mail.calendar))
        assert NOTE not in said
        assert "no-thanks" not in said.lower().replace(" ", "-")
    assert not AuditEntry.objects.filter(changes__icontains=NOTE).exists()


def test_who_withdraws_after_the_partnership_ended_is_told_that_it_is_over(crowd):
    Partnership.objects.filter(pk=crowd.world.partnership.pk).update(state="ended")
    route = ROUTES["events:withdraw"]
    answer = Clients(crowd)["a_manager"].post(
        address_of("events:withdraw", route, crowd), route.data(crowd)
    )
    assert answer.status_code == 200
    assert "This event has ended and can no longer be changed." in text_of(answer)
