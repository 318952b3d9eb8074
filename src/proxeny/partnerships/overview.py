"""The front page of a room: what waits for the reader, what comes next, and how things stand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import queries, texts
from proxeny.partnerships.amounts import tell_amount
from proxeny.partnerships.facts import Facts, count_facts
from proxeny.partnerships.models import (
    Action,
    Activity,
    Favour,
    FundingSource,
    HealthAnswer,
    HealthReview,
    KeyResult,
    Measurement,
    Partnership,
    Party,
    Placement,
    Recommendation,
    Risk,
)
from proxeny.partnerships.money import GRANTS, Ledger, read_ledger
from proxeny.partnerships.placement_queries import count_waiting
from proxeny.partnerships.readiness import check_gate, next_stages
from proxeny.partnerships.rules import FOR_PARTIES

#: So far ahead dates are told, and so many of them.
AHEAD = timedelta(days=120)
DATES = 8


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for the reader in a room."""

    text: str
    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Date:
    """A day to come, or one that has passed by."""

    on: date
    text: str
    url: str
    kind: str
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with the page that it comes from."""

    label: str
    value: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the front page shows of a signed partnership."""

    waiting: tuple[Waiting, ...]
    dates: tuple[Date, ...]
    tiles: tuple[Tile, ...]
    next_stage: str = ""
    missing: int = 0


#: What capabilities above add: dates to come of the reader, and figures.
_DATES: list[Callable[[Reader, Partnership, date], Iterator[Date]]] = []
_TILES: list[Callable[[Partnership, date], Iterator[Tile]]] = []
#: What waits for a reader elsewhere in the room.
_WAITING: list[Callable[[Reader, Partnership, date], Iterator[Waiting]]] = []


def tell_dates(find: Callable[[Reader, Partnership, date], Iterator[Date]]) -> None:
    """Have the front page know of dates of another capability; called when Django is ready."""
    _DATES.append(find)


def tell_tiles(find: Callable[[Partnership, date], Iterator[Tile]]) -> None:
    """Have the front page know of figures of another capability; called when Django is ready."""
    _TILES.append(find)


def tell_waiting(find: Callable[[Reader, Partnership, date], Iterator[Waiting]]) -> None:
    """Have the room know what waits in another capability; called when Django is ready."""
    _WAITING.append(find)


def look_over(reader: Reader, partnership: Partnership, *, today: date) -> Overview:
    """Return the front page of a room. A constant number of queries."""
    ledger = read_ledger(partnership, today=today)
    facts = count_facts(partnership, ledger)
    stages = next_stages(partnership)
    gate = check_gate(facts, stages[0], today=today) if stages else []
    tiles = [
        *_tiles(partnership, facts, ledger, today),
        *(t for f in _TILES for t in f(partnership, today)),
    ]
    return Overview(
        waiting=tuple(waiting_for(reader, partnership, today=today)),
        dates=tuple(_dates(reader, partnership, today)),
        tiles=tuple(tiles),
        next_stage=str(stages[0].label) if stages else "",
        missing=sum(not one.is_met for one in gate),
    )


def waiting_for(reader: Reader, partnership: Partnership, *, today: date) -> Iterator[Waiting]:
    """Yield what waits for a reader in a room that is active. At most nine queries."""
    if partnership.state != Partnership.State.ACTIVE:
        return
    pk = partnership.pk
    parties = [one for one in queries.parties_of(partnership) if one.state == Party.State.JOINED]
    own = {one.pk for one in parties if one.organisation_id in reader.organisations}
    steered = {one.pk for one in parties if one.organisation_id in reader.managed}
    yield from _signatures(reader, partnership)
    yield from _favours(reader, partnership, own)
    yield from _review(reader, partnership, today)
    for find in _WAITING:
        yield from find(reader, partnership, today)
    if steered:
        yield from _decisions(partnership, steered)
        yield from _stays(partnership, steered)
    mine = Action.objects.filter(
        partnership_id=pk, dropped_at=None, done_on=None, person_id=reader.person,
        due_on__lte=today + timedelta(days=7),
    ).count()  # fmt: skip
    if mine:
        text = ngettext("%(count)d thing that you took on is due.",
                        "%(count)d things that you took on are due.", mine)  # fmt: skip
        yield Waiting(text % {"count": mine}, f"{reverse('partnerships:plan', args=[pk])}#actions",
                      _("See them"))  # fmt: skip


def _signatures(reader: Reader, partnership: Partnership) -> Iterator[Waiting]:
    waiting = [
        one.agreement for one in queries.list_asked(partnership)
        if any(sign.sign_off is None and sign.party.organisation_id in reader.managed
               for sign in one.signatures)
    ]  # fmt: skip
    for pk, name in texts.names_of(waiting).items():
        yield Waiting(
            _("Your side’s signature: %(name)s.") % {"name": name},
            reverse("partnerships:text", args=[partnership.pk, pk]),
            _("Read and sign"),
        )


def _favours(reader: Reader, partnership: Partnership, own: set[int]) -> Iterator[Waiting]:
    count = (
        Favour.objects.filter(
            Q(giver_id__in=own) | Q(receiver_id__in=own), partnership=partnership, dropped_at=None,
            confirmed_at=None, contested_at=None,
        )
        .exclude(noted_by_id__in=reader.organisations).count()
    )  # fmt: skip
    if count:
        text = ngettext("The other side noted %(count)d thing. Is it so?",
                        "The other side noted %(count)d things. Is it so?", count)  # fmt: skip
        yield Waiting(text % {"count": count},
                      reverse("partnerships:exchange", args=[partnership.pk]),
                      _("Confirm"))  # fmt: skip


def _review(reader: Reader, partnership: Partnership, today: date) -> Iterator[Waiting]:
    review = HealthReview.objects.filter(partnership=partnership, shown_at=None).first()
    # Before a review is shown, a reader sees their own answers alone.
    if review and not HealthAnswer.objects.filter(review=review).exists():
        yield Waiting(
            _("How does the partnership do? Ten minutes, and nobody sees your answers before "
              "both sides have given theirs."),
            reverse("partnerships:review-answer", args=[partnership.pk, review.pk]), _("Answer"),
        )  # fmt: skip


def _decisions(partnership: Partnership, own: set[int]) -> Iterator[Waiting]:
    count = Recommendation.objects.filter(
        FOR_PARTIES, Q(party=None) | Q(party_id__in=own), partnership=partnership, dropped_at=None,
        state=Recommendation.State.PROPOSED,
    ).count()  # fmt: skip
    if count:
        text = ngettext("%(count)d recommendation waits for a decision.",
                        "%(count)d recommendations wait for a decision.", count)  # fmt: skip
        yield Waiting(text % {"count": count},
                      reverse("partnerships:advice", args=[partnership.pk]), _("Decide"))  # fmt: skip


def _stays(partnership: Partnership, steered: set[int]) -> Iterator[Waiting]:
    count = count_waiting(partnership.pk, steered)
    if count:
        text = ngettext("%(count)d stay or visit waits for your side’s yes.",
                        "%(count)d stays or visits wait for your side’s yes.", count)  # fmt: skip
        yield Waiting(text % {"count": count},
                      reverse("partnerships:placements", args=[partnership.pk]),
                      _("Look at it"))  # fmt: skip


def _dates(reader: Reader, partnership: Partnership, today: date) -> list[Date]:
    found = [
        *_own_dates(partnership, today),
        *(d for f in _DATES for d in f(reader, partnership, today)),
    ]
    return sorted(found, key=lambda one: (one.on, one.text))[:DATES]


def _own_dates(partnership: Partnership, today: date) -> Iterator[Date]:
    pk, until = partnership.pk, today + AHEAD
    plan = reverse("partnerships:plan", args=[pk])
    rows = {"partnership_id": pk, "dropped_at": None}
    milestones = Activity.objects.filter(**rows, is_milestone=True, ends_on__lte=until)
    for one in milestones.exclude(state=Activity.State.DONE).order_by("ends_on")[:DATES]:
        yield Date(one.ends_on, one.title, f"{plan}#activity-{one.pk}", _("Milestone"),
                   one.ends_on < today)  # fmt: skip
    actions = Action.objects.filter(**rows, done_on=None, due_on__lte=until)
    for one in actions.order_by("due_on")[:DATES]:
        yield Date(one.due_on, one.title, f"{plan}#action-{one.pk}", _("Action"),
                   one.due_on < today)  # fmt: skip
    risks = Risk.objects.filter(**rows, closed_on=None, review_on__lte=until)
    for one in risks.order_by("review_on")[:DATES]:
        yield Date(one.review_on, one.title,
                   f"{reverse('partnerships:risks', args=[pk])}#risk-{one.pk}",
                   _("Review of a risk"), one.review_on < today)  # fmt: skip
    stays = Placement.objects.filter(**rows, closed_on=None, report_due_on__lte=until)
    for one in stays.order_by("report_due_on")[:DATES]:
        yield Date(one.report_due_on, one.place,
                   f"{reverse('partnerships:placements', args=[pk])}#placement-{one.pk}",
                   _("Report of a stay"), one.report_due_on < today)  # fmt: skip
    sources = FundingSource.objects.filter(**rows, ends_on__gte=today, ends_on__lte=until)
    for one in sources.order_by("ends_on")[:DATES]:
        yield Date(one.ends_on, one.name, reverse("partnerships:money", args=[pk]),
                   _("Money ends"))  # fmt: skip
    if partnership.ends_on and today <= partnership.ends_on <= until:
        yield Date(partnership.ends_on, _("The agreement runs out"),
                   reverse("partnerships:detail", args=[pk]), _("Agreement"))  # fmt: skip


def _tiles(partnership: Partnership, facts: Facts, ledger: Ledger, today: date) -> Iterator[Tile]:
    yield _goal_tile(partnership)
    yield _plan_tile(partnership, ledger, today)
    yield _risk_tile(partnership, facts)
    yield _money_tile(partnership, ledger, today)


def _plan_tile(partnership: Partnership, ledger: Ledger, today: date) -> Tile:
    total, late = len(ledger.activities), ledger.count_late(today)
    value = _("%(done)d of %(all)d done") % {"done": ledger.count_done(), "all": total}
    note = ngettext("%(count)d late", "%(count)d late", late) % {"count": late}
    return Tile(_("Plan"), value if total else "", note if late else "",
                reverse("partnerships:plan", args=[partnership.pk]))  # fmt: skip


def _goal_tile(partnership: Partnership) -> Tile:
    newest = Measurement.objects.filter(result=OuterRef("pk")).order_by("-measured_on", "-pk")
    results = list(
        KeyResult.objects.filter(
            partnership=partnership, dropped_at=None, objective__dropped_at=None,
            objective__closed_on=None,
        ).annotate(now=Subquery(newest.values("value")[:1])).values_list("start", "target", "now")
    )  # fmt: skip
    reached = sum(
        now is not None and (now >= target if target > start else now <= target)
        for start, target, now in results
    )
    value = _("%(reached)d of %(all)d reached") % {"reached": reached, "all": len(results)}
    return Tile(_("Key results"), value if results else "", "",
                reverse("partnerships:goals", args=[partnership.pk]))  # fmt: skip


def _risk_tile(partnership: Partnership, facts: Facts) -> Tile:
    count, serious = facts.risks, facts.serious_risks
    note = ngettext("%(count)d of them serious", "%(count)d of them serious", serious)
    value = ngettext("%(count)d open", "%(count)d open", count) % {"count": count}
    return Tile(_("Risks"), value if count else "", note % {"count": serious} if serious else "",
                reverse("partnerships:risks", args=[partnership.pk]))  # fmt: skip


def _money_tile(partnership: Partnership, ledger: Ledger, today: date) -> Tile:
    total = sum((one.amount for one in ledger.lines if one.year == today.year), Decimal(0))
    given = sum(
        (one.amount for one in ledger.lines
         if one.year == today.year and one.source.kind in GRANTS), Decimal(0)
    )  # fmt: skip
    note = _("%(part)d %% of it grants") % {"part": round(100 * given / total)} if total else ""
    return Tile(_("Money this year"), tell_amount(total, ledger.currency) if total else "", note,
                reverse("partnerships:money", args=[partnership.pk]))  # fmt: skip
