"""Calls that the reader sees: search results, and one call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.expressions import RawSQL
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from proxeny.accounts.queries.seats import live_seats
from proxeny.calls.models import Call
from proxeny.calls.rules import BRUSSELS, RULE_SETS, STATE_LABELS, WRITERS, State, state_of
from proxeny.directory.models import Organisation
from proxeny.directory.queries.searching import read_question
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader

#: Shown only on the page of one call.
LONG = ("text", "own_rules")
#: Sort orders of calls, by the parameter of the address.
SORTS = {
    "closes": (F("closes_at").asc(nulls_last=True), "title", "pk"),
    "-closes": (F("closes_at").desc(nulls_last=True), "title", "pk"),
    "budget": (F("budget").desc(nulls_last=True), "title", "pk"),
    "-budget": (F("budget").asc(nulls_last=True), "title", "pk"),
    "title": ("title", "pk"),
    "-title": ("-title", "-pk"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of the list; empty for all.

    `state` is one of `State`, `live` (coming or open) or empty for all; `closes_before` is the
    latest closing date.
    """

    q: str = ""
    programme: str = ""
    action: str = ""
    state: str = ""
    rule_set: str = ""
    closes_before: date | None = None
    steward: int | None = None
    away: bool = False
    sort: str = "closes"


def find_by_reference(steward_id: int, reference: str) -> Call | None:
    """Return the call of a cluster with this reference; None where the reader sees none."""
    return Call.objects.filter(steward_id=steward_id, reference=reference).first()


def find_calls(wanted: Wanted, *, now: datetime) -> QuerySet[Call]:
    """Return the matching calls that the reader sees, each with its cluster, without texts.

    A call whose reference is what was typed comes before all others, however they are sorted.
    """
    found = Call.objects.filter(put_away_at__isnull=not wanted.away).select_related("steward")
    found = found.defer(*LONG)
    is_meant = Q(reference__iexact=wanted.q.strip())
    if wanted.q and (question := read_question(wanted.q).expression):
        by_words = RawSQL("SELECT proxeny_found_calls(%s::tsquery)", [question])
        found = found.filter(Q(pk__in=by_words) | is_meant)
    equal = {"programme": wanted.programme, "action": wanted.action, "rule_set": wanted.rule_set}
    found = found.filter(**{name: value for name, value in equal.items() if value})
    if wanted.steward:
        found = found.filter(steward_id=wanted.steward)
    if wanted.closes_before:
        after = datetime.combine(wanted.closes_before + timedelta(days=1), time(), BRUSSELS)
        found = found.filter(closes_at__lt=after)
    if wanted.state:
        found = found.filter(_stands(wanted.state, now))
    order = SORTS.get(wanted.sort, SORTS["closes"])
    if not wanted.q:
        return found.order_by(*order)
    return found.order_by(Case(When(is_meant, then=0), default=1), *order)


def _stands(state: str, now: datetime) -> Q:
    today = now.astimezone(BRUSSELS).date()
    is_closed, is_coming = Q(closes_at__lte=now), Q(opens_on__gt=today)
    live = Q(closes_at__gt=now) | Q(closes_at=None)
    opened = Q(opens_on__lte=today) | Q(opens_on=None)
    if state == State.CLOSED:
        return is_closed
    if state == State.COMING:
        return live & is_coming
    return live & opened if state == State.OPEN else live


def get_call(call_id: int) -> Call:
    """Return a call with its cluster, archived or not; `NotFound` if the reader sees none."""
    one = Call.objects.select_related("steward", "brought_by").filter(pk=call_id).first()
    if one is None:
        raise NotFound(_("We couldn’t find this call."))
    return one


def stewards_of(reader: Reader, *, today: date) -> list[Organisation]:
    """Return the clusters whose calls the reader keeps, by name. One query, none for others."""
    mine = set(reader.organisations) & set(reader.clusters)
    if not mine or reader.person is None:
        return []
    seats = live_seats(today=today).filter(
        person_id=reader.person, organisation_id__in=mine, role__in=WRITERS
    )
    found = Organisation.objects.filter(pk__in=seats.values("organisation_id"))
    return list(found.order_by("sort_name", "pk"))


def keeps_call(reader: Reader, call: Call, *, today: date) -> bool:
    """Whether the reader may change a call. One query at most."""
    return call.steward_id in {one.pk for one in stewards_of(reader, today=today)}


def programmes_seen() -> list[str]:
    """Return the programmes of the calls that the reader sees, in order. One query."""
    return _seen("programme")


def actions_seen() -> list[str]:
    """Return the types of action of the calls that the reader sees, in order. One query."""
    return _seen("action")


def rule_sets_seen() -> list[str]:
    """Return the sets of conditions of the calls that the reader sees, in order. One query."""
    found = set(_seen("rule_set"))
    return [key for key in RULE_SETS if key in found]


def _seen(column: str) -> list[str]:
    found = Call.objects.filter(put_away_at=None).exclude(**{column: ""}).order_by(column)
    return list(found.values_list(column, flat=True).distinct())


def table_of(calls: Iterable[Call], *, now: datetime) -> tuple[list[str], list[list[object]]]:
    """Return calls as a table that can be imported again: header and rows; times as in Brussels."""
    header = [
        _("Reference"),
        _("Title"),
        _("Programme"),
        _("Type of action"),
        _("Topics"),
        _("State"),
        _("Opens on"),
        _("Closes at"),
        _("Second stage closes at"),
        _("Budget"),
        _("Smallest grant"),
        _("Largest grant"),
        _("Grants expected"),
        _("Currency"),
        _("Conditions"),
        _("Address"),
        _("Added by"),
        _("Added on"),
    ]
    rows: list[list[object]] = [
        [
            one.reference,
            one.title,
            one.programme,
            one.action,
            "; ".join(one.topics),
            str(STATE_LABELS[state_of(one, now=now)]),
            one.opens_on.isoformat() if one.opens_on else "",
            _moment(one.closes_at),
            _moment(one.second_closes_at),
            _sum(one.budget),
            _sum(one.grant_least),
            _sum(one.grant_most),
            "" if one.grants_expected is None else one.grants_expected,
            one.currency,
            str(RULE_SETS.get(one.rule_set, one.rule_set)),
            one.address,
            one.steward.name,
            f"{localtime(one.brought_at):%Y-%m-%d}",
        ]
        for one in calls
    ]
    return header, rows


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(BRUSSELS):%Y-%m-%d %H:%M}" if moment else ""


def _sum(amount: object) -> object:
    return "" if amount is None else float(str(amount))
