"""Labels, notes and pages of the rows behind a figure."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.ambassadors.models import Introduction, Mandate, Side
from proxeny.directory.models import Interest, Organisation
from proxeny.events.models import AgendaEntry, MeetingRequest
from proxeny.insight.queries import outcome_rows as found
from proxeny.insight.queries.outcome_rows import Place, numbers_by_source
from proxeny.kernel.tenancy import as_service
from proxeny.meetings.models import Meeting, MeetingParty, Rating
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Activity, Favour


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a figure. `amount` is money in `currency`, or a count where there is none."""

    source: str
    number: int
    day: date
    label: str
    note: str = ""
    url: str = ""
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class _Told:
    label: str
    note: str = ""
    url: str = ""
    currency: str = ""


def tell_rows(
    place: Place, rows: Sequence[tuple[str, int, datetime, Any]], *, currency: str
) -> list[Row]:
    """Return rows with what they are called for the reader. Four queries at most for each table.

    Entries the reader may no longer read keep their day and are marked.
    """
    told: dict[tuple[str, int], _Told] = {}
    for source, numbers in numbers_by_source(rows).items():
        for number, one in _TELL[source](place, numbers).items():
            told[source, number] = one
    gone = _Told(_("no longer visible to you"))
    made = []
    for source, number, day, amount in rows:
        one = told.get((source, number), gone)
        row = Row(source, number, timezone.localdate(day), one.label, one.note, one.url, amount)
        unit = one.currency or (currency if source == found.ACTIVITY else "")
        made.append(replace(row, currency=unit))
    return made


def _names(numbers: Iterable[int]) -> dict[int, str]:
    """Return the names of the organisations that the reader may read. One query."""
    return dict(Organisation.objects.filter(pk__in=set(numbers)).values_list("pk", "name"))


def _pair(names: Mapping[int, str], numbers: Iterable[int]) -> str:
    unseen = _("an organisation you can’t see")
    return " – ".join(names.get(one, unseen) for one in numbers)


def _meetings(place: Place, numbers: Collection[int]) -> dict[int, _Told]:
    with as_service("The room's team reads all of its meetings; the policies would weigh each."):
        meetings = list(Meeting.objects.filter(pk__in=numbers))
        met: dict[int, list[int]] = {}
        parties = MeetingParty.objects.filter(meeting__in=numbers).order_by("pk")
        for meeting, one in parties.values_list("meeting_id", "organisation_id"):
            met.setdefault(meeting, []).append(one)
        entries = AgendaEntry.objects.filter(meeting__in=numbers)
        events = dict(entries.values_list("meeting_id", "event_id"))
    names = _names(one for those in met.values() for one in those)
    cases = dict(
        Introduction.objects.filter(meeting__in=numbers, cluster_id=place.cluster_id).values_list(
            "meeting_id", "pk"
        )
    )
    return {
        one.pk: _Told(
            _pair(names, met.get(one.pk, ())),
            str(Meeting.State(one.state).label),
            _page_of(place, one.pk, cases, events),
        )
        for one in meetings
    }


def _page_of(place: Place, number: int, cases: Mapping[int, int], events: Mapping[int, int]) -> str:
    if number in cases:
        return reverse("ambassadors:case", args=[place.partnership_id, cases[number]])
    if number in events:
        return reverse("events:agenda", args=[events[number]])
    return ""


def _ratings(place: Place, numbers: Collection[int]) -> dict[int, _Told]:
    with as_service("The room's team reads all of its ratings; the policies would weigh each."):
        rows = list(
            Rating.objects.filter(pk__in=numbers).values_list(
                "pk", "party__meeting_id", "agreed", "currency"
            )
        )
    meetings = _meetings(place, [meeting for _pk, meeting, _agreed, _currency in rows])
    return {
        pk: _Told(
            meetings[meeting].label,
            str(Rating.Agreed(agreed).label if agreed else _("Not specified")),
            meetings[meeting].url,
            currency,
        )
        for pk, meeting, agreed, currency in rows
    }


def _cases(place: Place, numbers: Collection[int]) -> dict[int, _Told]:
    cases = list(
        Introduction.objects.filter(pk__in=numbers).values_list(
            "pk", "member_id", "stakeholder_id", "state"
        )
    )
    names = _names(one for row in cases for one in row[1:3])
    return {
        pk: _Told(
            _pair(names, (member, other)),
            str(Introduction.State(state).label),
            reverse("ambassadors:case", args=[place.partnership_id, pk]),
        )
        for pk, member, other, state in cases
    }


def _sides(place: Place, numbers: Collection[int]) -> dict[int, _Told]:
    sides = list(Side.objects.filter(pk__in=numbers).select_related("introduction"))
    cases = _cases(place, {one.introduction_id for one in sides})
    names = _names(one.organisation_id for one in sides)
    return {
        one.pk: _Told(
            cases[one.introduction_id].label,
            _tell_answer(names.get(one.organisation_id, ""), one),
            cases[one.introduction_id].url,
        )
        for one in sides
    }


def _tell_answer(name: str, side: Side) -> str:
    who = name or str(Side.Role(side.role).label)
    if side.answered_at is None or side.asked_at is None:
        return _("%(name)s: no answer") % {"name": who}
    return _("%(name)s: answered %(after)s") % {
        "name": who,
        "after": tell_after((side.answered_at - side.asked_at).days),
    }


def tell_after(days: int) -> str:
    """Return the number of whole days until something came, in words."""
    if days <= 0:
        return _("within a day")
    return ngettext("after %(days)d day", "after %(days)d days", days) % {"days": days}


def _mandates(place: Place, numbers: Collection[int]) -> dict[int, _Told]:
    mandates = list(Mandate.objects.filter(pk__in=numbers))
    names = _names(one.member_id for one in mandates)
    return {
        one.pk: _Told(
            _pair(names, [one.member_id]),
            str(Mandate.State(one.state).label),
            reverse("ambassadors:mandate", args=[place.partnership_id, one.pk]),
        )
        for one in mandates
    }


def _requests(_place: Place, numbers: Collection[int]) -> dict[int, _Told]:
    rows = list(
        MeetingRequest.objects.filter(pk__in=numbers).values_list(
            "pk",
            "source__organisation_id",
            "target__organisation_id",
            "kind",
            "event_id",
            "event__title",
        )
    )
    names = _names(one for row in rows for one in row[1:3])
    return {
        pk: _Told(
            _pair(names, (source, target)),
            f"{MeetingRequest.Kind(kind).label} · {title}",
            reverse("events:detail", args=[event]),
        )
        for pk, source, target, kind, event, title in rows
    }


def _interests(_place: Place, numbers: Collection[int]) -> dict[int, _Told]:
    rows = list(
        Interest.objects.filter(pk__in=numbers).values_list(
            "pk", "organisation_id", "listing__title", "state"
        )
    )
    names = _names(row[1] for row in rows)
    return {
        pk: _Told(f"{_pair(names, [who])}: {title}", str(Interest.State(state).label))
        for pk, who, title, state in rows
    }


def _activities(_place: Place, numbers: Collection[int]) -> dict[int, _Told]:
    return {
        one.pk: _Told(
            one.title, str(Activity.State(one.state).label), KINDS["activity"].url_of(one)
        )
        for one in Activity.objects.filter(pk__in=numbers)
    }


def _favours(_place: Place, numbers: Collection[int]) -> dict[int, _Told]:
    rows = Favour.objects.filter(pk__in=numbers).select_related("giver__organisation")
    return {
        one.pk: _Told(
            one.what,
            f"{Favour.Kind(one.kind).label} · {one.giver.organisation.name}",
            KINDS["favour"].url_of(one),
        )
        for one in rows
    }


_TELL: Mapping[str, Callable[[Place, Collection[int]], dict[int, _Told]]] = {
    found.MEETING: _meetings,
    found.RATING: _ratings,
    found.CASE: _cases,
    found.SIDE: _sides,
    found.MANDATE_ROW: _mandates,
    found.REQUEST: _requests,
    found.INTEREST_ROW: _interests,
    found.ACTIVITY: _activities,
    found.FAVOUR: _favours,
}
