"""Reading the catch-ups of a partnership."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.kernel.errors import NotFound
from proxeny.kernel.lists import join_items
from proxeny.kernel.personal_data import ERASED_NAME, tell_name
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import load_zone
from proxeny.meetings.models import CatchUp, CatchUpGuest, Decision, Meeting, MeetingParty
from proxeny.meetings.queries.calendar import where_of
from proxeny.partnerships.models import Action, Partnership
from proxeny.partnerships.queries import get_partnership

State = Meeting.State
#: States of catch-ups that are over.
OVER = (State.HELD, State.MISSED, State.CANCELLED)


def find_catch_ups(partnership_id: int) -> QuerySet[CatchUp]:
    """Return the catch-ups of a room with all details for a page; two more queries."""
    guests = CatchUpGuest.objects.select_related("person", "party__organisation")
    return (
        CatchUp.objects.filter(partnership_id=partnership_id)
        .select_related("meeting", "partnership", "host__organisation")
        .prefetch_related(
            Prefetch("guests", queryset=guests.order_by("party__side", "person__name", "pk")),
            "decisions",
        )
    )


def get_catch_up(partnership_id: int, catch_up_id: int) -> CatchUp:
    """Return one with guests and decisions; `NotFound` if there is none the reader sees."""
    found = find_catch_ups(partnership_id).filter(pk=catch_up_id).first()
    if found is None:
        raise NotFound(_("We couldn’t find this catch-up."))
    # So that its meeting finds it without a query.
    found.meeting.catch_up = found
    return found


def enter_room(reader: Reader, partnership_id: int) -> None:
    """Raise `NotFound` unless the reader is of a team of a signed partnership."""
    partnership = get_partnership(partnership_id)
    if partnership.pk not in reader.rooms:
        raise NotFound(_("We couldn’t find this partnership."))


def list_for_program(
    partnership_id: int, *, since: datetime | None, until: datetime | None, state: str
) -> QuerySet[CatchUp]:
    """Return catch-ups that end after the one and begin before the other, with `starts_at`."""
    found = find_catch_ups(partnership_id).annotate(starts_at=F("meeting__starts_at"))
    if since is not None:
        found = found.filter(meeting__ends_at__gt=since)
    if until is not None:
        found = found.filter(meeting__starts_at__lt=until)
    return found.filter(meeting__state=state) if state else found


def facts_of(one: CatchUp) -> dict[str, Any]:
    """Return what is planned of a catch-up, by the names of `CatchUpFacts`."""
    meeting = one.meeting
    return {
        "starts_at": meeting.starts_at,
        "duration_min": int((meeting.ends_at - meeting.starts_at) / timedelta(minutes=1)),
        "time_zone": meeting.time_zone,
        "guests": tuple(guest.person_id for guest in one.guests.all() if guest.person_id),
        "in_person": one.in_person,
        "title": meeting.title,
        "place": meeting.place,
        "video_url": one.video_url,
        "host_id": one.host_id,
        "agenda": one.agenda,
    }


def list_coming(partnership_id: int, *, now: datetime) -> list[CatchUp]:
    """Return what is to come or under way, the nearest first. Three queries."""
    found = find_catch_ups(partnership_id).filter(
        meeting__state=State.CONFIRMED, meeting__ends_at__gt=now
    )
    return list(found.order_by("meeting__starts_at", "pk"))


def find_unanswered(reader: Reader, *, now: datetime) -> QuerySet[CatchUp]:
    """Return what the reader is asked to and has not answered, the nearest first."""
    asked = CatchUpGuest.objects.filter(
        person_id=reader.own_id, answer=MeetingParty.Answer.WAITING
    ).values("catch_up_id")
    found = CatchUp.objects.filter(
        pk__in=asked,
        meeting__state=State.CONFIRMED,
        meeting__ends_at__gt=now,
        partnership__state=Partnership.State.ACTIVE,
    )
    return found.order_by("meeting__starts_at", "pk")


def find_unwritten(reader: Reader, *, now: datetime) -> QuerySet[CatchUp]:
    """Return what is over and waits for its minutes in the reader's rooms, the oldest first.

    Either team may write them, or say that it did not take place.
    """
    found = CatchUp.objects.filter(
        partnership_id__in=reader.rooms,
        partnership__state=Partnership.State.ACTIVE,
        meeting__state=State.CONFIRMED,
        meeting__ends_at__lte=now,
    )
    return found.order_by("meeting__starts_at", "pk")


def list_waiting(partnership_id: int, *, now: datetime) -> list[CatchUp]:
    """Return what is over and waits for its minutes, the oldest first. Three queries."""
    found = find_catch_ups(partnership_id).filter(
        meeting__state=State.CONFIRMED, meeting__ends_at__lte=now
    )
    return list(found.order_by("meeting__starts_at", "pk"))


#: Past catch-ups, newest first.
PAST = Rows(
    "catch-ups",
    (
        Column(
            "title",
            gettext_lazy("Catch-up"),
            lambda one: one.meeting.title,
            ("meeting__title", "-meeting__starts_at"),
        ),
        Column(
            "day", gettext_lazy("Day"), lambda one: day_of(one.meeting), ("meeting__starts_at",)
        ),
        Column(
            "how",
            gettext_lazy("How"),
            lambda one: _("Face to face") if one.in_person else _("By phone or video"),
            ("in_person", "-meeting__starts_at"),
        ),
        Column(
            "state",
            gettext_lazy("State"),
            lambda one: one.meeting.get_state_display(),
            ("meeting__state", "-meeting__starts_at"),
        ),
    ),
    sort="-day",
)


def find_past(partnership_id: int, *, search: str = "") -> QuerySet[CatchUp]:
    """Return what took place, was missed or called off, the newest first.

    Parameters
    ----------
    search : str
        Words that must all occur in title, place, agenda, minutes, a decision or a guest's name.
    """
    found = find_catch_ups(partnership_id).filter(meeting__state__in=OVER)
    for word in search.split():
        decided = Decision.objects.filter(partnership_id=partnership_id, text__icontains=word)
        guests = CatchUpGuest.objects.filter(
            partnership_id=partnership_id, person__name__icontains=word
        )
        found = found.filter(
            Q(meeting__title__icontains=word)
            | Q(meeting__place__icontains=word)
            | Q(agenda__icontains=word)
            | Q(minutes__icontains=word)
            | Q(pk__in=decided.values("catch_up_id"))
            | Q(pk__in=guests.values("catch_up_id"))
        )
    return found.order_by("-meeting__starts_at", "-pk")


def list_actions(catch_up: CatchUp) -> list[Action]:
    """Return what was taken on at a catch-up, by day. One query."""
    found = Action.objects.filter(
        partnership_id=catch_up.partnership_id,
        origin=Action.Origin.CATCH_UP,
        origin_id=catch_up.pk,
        dropped_at=None,
    )
    return list(found.select_related("party__organisation", "person").order_by("due_on", "pk"))


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of actions from a catch-up, in total and done."""

    all: int = 0
    done: int = 0


def count_actions(catch_up_ids: Iterable[int], partnership_id: int) -> dict[int, Tally]:
    """Return the actions of several catch-ups, counted. One query."""
    found: dict[int, Tally] = {}
    rows = Action.objects.filter(
        partnership_id=partnership_id,
        origin=Action.Origin.CATCH_UP,
        origin_id__in=list(catch_up_ids),
        dropped_at=None,
    )
    for pk, done_on in rows.values_list("origin_id", "done_on"):
        before = found.get(pk or 0, Tally())
        found[pk or 0] = Tally(before.all + 1, before.done + (done_on is not None))
    return found


def find_held(partnership_id: int) -> QuerySet[CatchUp]:
    """Return the catch-ups of a partnership that took place."""
    return CatchUp.objects.filter(partnership_id=partnership_id, meeting__state=State.HELD)


@dataclass(frozen=True, slots=True)
class Day:
    """A catch-up as the rhythm sees it: on which day, how, and whether it took place."""

    catch_up_id: int
    on: date
    in_person: bool
    is_held: bool


def days_of(partnership_ids: Iterable[int]) -> dict[int, list[Day]]:
    """Return the catch-ups that took place or are planned, by partnership. One query."""
    found: dict[int, list[Day]] = {}
    rows = CatchUp.objects.filter(
        partnership_id__in=list(partnership_ids), meeting__state__in=(State.CONFIRMED, State.HELD)
    ).select_related("meeting")
    for one in rows.order_by("meeting__starts_at", "pk"):
        day = Day(one.pk, day_of(one.meeting), one.in_person, one.meeting.state == State.HELD)
        found.setdefault(one.partnership_id, []).append(day)
    return found


def day_of(meeting: Meeting) -> date:
    """Return the day on which a meeting begins where it takes place."""
    return meeting.starts_at.astimezone(load_zone(meeting.time_zone)).date()


def catch_up_names(catch_up_ids: Iterable[int]) -> dict[int, str]:
    """Return what catch-ups are called, as far as the reader sees them. One query."""
    found = CatchUp.objects.filter(pk__in=set(catch_up_ids)).select_related("meeting")
    return {
        # The signs keep a title in another script from tearing the day apart.
        one.pk: f"\u2068{title_of(one)}\u2069, {date_format(day_of(one.meeting))}"
        for one in found
    }


def title_of(catch_up: CatchUp) -> str:
    """Return what a catch-up is called inside its room."""
    return catch_up.meeting.title or _("Catch-up")


def table_of(
    found: Iterable[CatchUp], partnership_id: int
) -> tuple[tuple[str, ...], Iterator[tuple[object, ...]]]:
    """Return catch-ups as a table: its head, and its rows."""
    rows = list(found)
    tallies = count_actions([one.pk for one in rows], partnership_id)
    head = (
        _("Day"),
        _("Time"),
        _("Time zone"),
        _("Title"),
        _("Face to face"),
        _("Place"),
        _("Host"),
        _("State"),
        _("Invitees"),
        _("Attended"),
        _("Decisions"),
        _("Actions"),
        _("Actions done"),
        _("Minutes"),
    )
    return head, (_row(one, tallies.get(one.pk, Tally())) for one in rows)


def _row(one: CatchUp, tally: Tally) -> tuple[object, ...]:
    meeting, guests = one.meeting, list(one.guests.all())
    meeting.catch_up = one
    local = meeting.starts_at.astimezone(load_zone(meeting.time_zone))
    return (
        local.date().isoformat(),
        f"{local:%H:%M}",
        meeting.time_zone,
        title_of(one),
        _("yes") if one.in_person else _("no"),
        where_of(meeting),
        one.host.organisation.name if one.host else "",
        meeting.get_state_display(),
        join_items(name_of_guest(guest) for guest in guests),
        join_items(name_of_guest(guest) for guest in guests if guest.came),
        "\n".join(decision.text for decision in one.decisions.all()),
        tally.all,
        tally.done,
        one.minutes,
    )


def name_of_guest(guest: CatchUpGuest) -> str:
    """Return a guest's name as the reader may know it."""
    if guest.person is not None:
        return tell_name(guest.person.name)
    # Whose seat has ended is not shown to the other side any more.
    return _("someone who has left") if guest.person_id else tell_name(ERASED_NAME)
