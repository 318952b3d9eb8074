"""Briefings before a meeting for each of the three: one page per meeting and reader.

A side reads the organisation to meet, the reason, and its own answers: never the other side's
address, its rating of a meeting, or a note of the desk. The desk reads all of it, and each side's
page as that side reads it, less what the desk itself may not see.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

from django.db.models import Q
from django.utils.translation import gettext as _

from proxeny.accounts.queries import get_reader_of_person
from proxeny.ambassadors.models import Introduction, Mandate, Note, Side
from proxeny.ambassadors.queries.briefing_before import Before, find_before
from proxeny.ambassadors.queries.case_presenters import Told, tell_sides
from proxeny.ambassadors.queries.cases import with_names
from proxeny.ambassadors.queries.link_pages import tell_other
from proxeny.directory.models import Listing, Organisation
from proxeny.directory.reasons import Known, know, tell_reasons
from proxeny.folding import fold
from proxeny.kernel.errors import NotFound
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.tenancy import GATE, WEB, Reader, acting_as
from proxeny.kernel.zones import is_same_clock
from proxeny.meetings.operations.invitations import Moment

State, Role = Introduction.State, Side.Role
#: States in which there is a meeting to prepare, or to look back on.
BRIEFED = (State.BOOKED, State.MET)
#: Most offers, and most needs, on a page.
MOST_LISTINGS = 5
_MAP = "https://www.openstreetmap.org/search?query="
#: Words that people enter instead of an address, folded.
_REMOTE = frozenset(
    map(
        fold,
        (
            "online",
            "by video",
            "en ligne",
            "visio",
            "visioconférence",
            "διαδικτυακά",
            "online κλήση",
            "عبر الإنترنت",
            "عن بعد",
        ),
    )
)


class Audience(StrEnum):
    """Reader of a briefing."""

    MEMBER = "member"
    STAKEHOLDER = "stakeholder"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Whom:
    """Organisation that the reader meets, with its contact.

    `email` is empty for a side; `summary`, `offers` and `needs` hold what the reader may see.
    """

    role: str
    name: str
    kind: str
    where: str
    website: str
    host: str
    summary: str
    language: str
    person: str
    email: str
    is_hidden: bool
    offers: tuple[Listing, ...]
    needs: tuple[Listing, ...]

    @property
    def letter(self) -> str:
        """The side's colour."""
        return "a" if self.role == Role.MEMBER else "b"


@dataclass(frozen=True, slots=True)
class Briefing:
    """Briefing of one of the three before a meeting."""

    case: Introduction
    audience: Audience
    desk: str
    whom: tuple[Whom, ...]
    moments: tuple[Moment, ...]
    facts: tuple[str, ...]
    before: tuple[Before, ...]
    notes: tuple[Note, ...]
    mandate: Mandate | None
    next: tuple[str, ...]

    @property
    def is_for_desk(self) -> bool:
        """Whether it is the ambassador's."""
        return self.audience == Audience.DESK

    @property
    def place(self) -> str:
        """The meeting place, as entered."""
        meeting = self.case.meeting
        return (meeting.place if meeting else "") or self.case.place

    @property
    def call_url(self) -> str:
        """The link of the call, if they meet by one."""
        return self.place if _is_address(self.place) else ""

    @property
    def map_url(self) -> str:
        """The address of a map that shows the place; empty for a call, or no place."""
        return f"{_MAP}{quote(self.place)}" if self.place and not is_call(self.place) else ""


def is_call(place: str) -> bool:
    """Whether a place is a call, by link or by name, and no address in a city."""
    return _is_address(place) or fold(place) in _REMOTE


def _is_address(place: str) -> bool:
    return place.startswith(("https://", "http://"))


def read_briefing(
    case: Introduction, audience: Audience, reader: Reader, *, now: datetime
) -> Briefing:
    """Return the briefing of one meeting, in the language in force; see `read_briefings`."""
    (found,) = read_briefings([case], audience, reader, now=now)
    return found


def read_briefings(
    cases: Sequence[Introduction], audience: Audience, reader: Reader, *, now: datetime
) -> list[Briefing]:
    """Return the briefings of meetings. As many queries for one as for many.

    Parameters
    ----------
    cases : sequence of Introduction
        Loaded with their names; those of a side's page are all of one side.
    reader : Reader
        The viewer: for a side's page either somebody of that side, or of the desk.

    Raises
    ------
    NotFound
        One of them has no meeting.
    """
    if any(one.meeting is None or one.state not in BRIEFED for one in cases):
        raise NotFound(_("No meeting is booked yet."))
    seen = _read_seen(cases, audience, reader, now)
    notes = _notes_of(cases) if audience == Audience.DESK else {}
    mandates = _mandates_of(cases) if audience == Audience.DESK else {}
    before = find_before(cases, own="" if audience == Audience.DESK else audience.value)
    return [
        Briefing(
            case=case,
            audience=audience,
            desk=tell_name(case.in_charge.name) if case.in_charge else case.cluster.name,
            whom=tuple(_whom(case, audience, reader, seen)),
            moments=tuple(_moments(case, audience, reader)),
            facts=seen.facts.get(case.pk, ()),
            before=before[case.pk],
            notes=tuple(notes.get(case.pk, ())),
            mandate=mandates.get(case.mandate_id or 0),
            next=tuple(_next(case, audience)),
        )
        for case in cases
    ]


def language_of(case: Introduction, audience: Audience) -> str:
    """Return the language of a side's contact; empty for the desk, which uses its pages'."""
    if audience == Audience.DESK:
        return ""
    one = _side(case, audience)
    return one.person.language if one.person else one.language


def _side(case: Introduction, role: str) -> Side:
    return next(one for one in case.sides.all() if one.role == role)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Facts of the organisations that the page's viewer may see."""

    organisations: frozenset[int]
    listings: Mapping[int, Sequence[Listing]]
    facts: Mapping[int, tuple[str, ...]]


def _read_seen(
    cases: Sequence[Introduction], audience: Audience, reader: Reader, now: datetime
) -> _Seen:
    """Return the facts visible both to the viewer and to the reader of the page."""
    mine = _look(cases, now)
    if audience == Audience.DESK or _is_of(cases, audience, reader):
        return mine
    with _as_side(cases, audience, now):
        theirs = _look(cases, now)
    return _Seen(
        mine.organisations & theirs.organisations,
        {
            pk: [one for one in rows if one in theirs.listings.get(pk, ())]
            for pk, rows in mine.listings.items()
        },
        {
            pk: tuple(one for one in said if one in theirs.facts.get(pk, ()))
            for pk, said in mine.facts.items()
        },
    )


def _is_of(cases: Iterable[Introduction], audience: Audience, reader: Reader) -> bool:
    """Whether the reader is of the side, or a stranger, as the holder of a link is."""
    ids = {_side(case, audience).organisation_id for case in cases}
    return reader.is_stranger or ids <= set(reader.organisations)


@contextmanager
def _as_side(cases: Sequence[Introduction], role: str, now: datetime) -> Iterator[None]:
    """Read in the role of a side's contact; without a sign-in, as a stranger."""
    person = _side(cases[0], role).person_id
    with acting_as(GATE):
        reader = get_reader_of_person(person or 0, today=now.date())
    with acting_as(WEB, reader):
        yield


def _look(cases: Sequence[Introduction], now: datetime) -> _Seen:
    ids = {pk for case in cases for pk in (case.member_id, case.stakeholder_id)}
    seen = frozenset(Organisation.objects.filter(pk__in=ids).values_list("pk", flat=True))
    listings: dict[int, list[Listing]] = {}
    # The author of a text without a name is not shown.
    found = Listing.objects.filter(
        organisation_id__in=ids, status=Listing.Status.PUBLISHED, is_anonymous=False
    )
    for one in found.order_by("-updated_at", "-pk"):
        listings.setdefault(one.organisation_id, []).append(one)
    return _Seen(seen, listings, _facts(cases, seen, now))


def _facts(
    cases: Sequence[Introduction], seen: Collection[int], now: datetime
) -> dict[int, tuple[str, ...]]:
    """Return why matching proposed them, in sentences, as far as it holds today."""
    told = [one for one in cases if one.reasons and {one.member_id, one.stakeholder_id} <= {*seen}]
    known = know(
        {side.pk: side for one in told for side in (one.member, one.stakeholder)}.values(),
        [reason for one in told for reason in one.reasons],
        today=now.date(),
    )
    return {one.pk: _sentences(one, known) for one in told}


def _sentences(case: Introduction, known: Known) -> tuple[str, ...]:
    """Return the reasons with both names; a plan keeps them from either side."""
    pair = (case.member, case.stakeholder)
    for us, them in (pair, pair[::-1]):
        told = tell_reasons(
            case.reasons, known, mine=us.pk, theirs=them.pk, us=us.name, them=them.name
        )
        sides = [one.sentence for one in (told.they_bring, told.we_bring) if one]
        if sides:
            return (*sides, *told.facts)
    return told.facts


def _whom(case: Introduction, audience: Audience, reader: Reader, seen: _Seen) -> Iterator[Whom]:
    for one in tell_sides(case, reader):
        if one.side.role != audience:
            yield _tell_whom(one, seen, with_address=audience == Audience.DESK)


def _tell_whom(told: Told, seen: _Seen, *, with_address: bool) -> Whom:
    one = told.side.organisation
    other = tell_other(one)
    listings = seen.listings.get(one.pk, ())
    return Whom(
        role=told.side.role,
        name=one.name,
        kind=str(one.get_kind_display()),
        where=other.where,
        website=other.website,
        host=other.host,
        language=other.language,
        summary=one.summary.strip() if one.pk in seen.organisations else other.summary,
        person=told.name,
        email=told.email if with_address else "",
        is_hidden=told.is_hidden and with_address,
        offers=_first(listings, Listing.Direction.OFFER),
        needs=_first(listings, Listing.Direction.NEED),
    )


def _first(listings: Iterable[Listing], direction: str) -> tuple[Listing, ...]:
    return tuple(one for one in listings if one.direction == direction)[:MOST_LISTINGS]


def _moments(case: Introduction, audience: Audience, reader: Reader) -> Iterator[Moment]:
    """Yield the time of the meeting: at its place, then in the time zones of the readers."""
    meeting = case.meeting
    assert meeting is not None  # noqa: S101
    sides = {
        one.role: one.person.time_zone if one.person else one.time_zone for one in case.sides.all()
    }
    if audience == Audience.DESK:
        zones = [*sides.values(), reader.time_zone]
    else:
        zones = [sides[audience.value]]
    told = [meeting.time_zone]
    for zone in filter(None, zones):
        if not any(is_same_clock(meeting.starts_at, known, zone) for known in told):
            told.append(zone)
    for zone in told:
        yield Moment(zone, meeting.starts_at, meeting.ends_at)


def _next(case: Introduction, audience: Audience) -> Iterator[str]:
    """Yield what comes after the meeting, in sentences."""
    if audience == Audience.DESK:
        yield _(
            "Both are asked how it went after the meeting, and again six months later. You see "
            "both answers; neither sees the other’s."
        )
        return
    other = case.stakeholder if audience == Audience.MEMBER else case.member
    if case.state == State.BOOKED:
        yield _(
            "Can’t come? Use the link in your invitation, and the meeting will be removed from "
            "everyone’s calendar."
        )
    yield _(
        "After the meeting, you’ll be asked how it went. It only takes one tap, and %(other)s "
        "won’t see your answer."
    ) % {"other": other.name}
    yield _("Six months later, you’ll be asked once more what came of it.")


def _notes_of(cases: Iterable[Introduction]) -> dict[int, list[Note]]:
    """Return the desk's notes on cases, the newest first. One query."""
    found: dict[int, list[Note]] = {}
    rows = Note.objects.filter(introduction__in=[one.pk for one in cases], dropped_at=None)
    for one in rows.select_related("person").order_by("-written_at", "-pk"):
        found.setdefault(one.introduction_id, []).append(one)
    return found


def _mandates_of(cases: Iterable[Introduction]) -> dict[int, Mandate]:
    return Mandate.objects.in_bulk({one.mandate_id for one in cases if one.mandate_id})


def find_day(
    cluster_id: int, person_id: int, since: datetime, until: datetime
) -> list[Introduction]:
    """Return the introductions of a cluster whose meetings somebody attends in a stretch of time.

    In the order in which they begin. Two queries.
    """
    found = Introduction.objects.filter(
        Q(in_charge_id=person_id) | Q(meeting__arranged_by_id=person_id, in_charge=None),
        cluster_id=cluster_id,
        state__in=BRIEFED,
        meeting__starts_at__lt=until,
        meeting__starts_at__gte=since,
    )
    return list(with_names(found).order_by("meeting__starts_at", "pk"))
