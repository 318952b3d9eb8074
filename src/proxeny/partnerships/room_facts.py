"""Facts of a partnership for the cards of its room: figures, and the newest objects."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.partnerships import queries, texts
from proxeny.partnerships.advice_queries import tone_of
from proxeny.partnerships.amounts import tell_amount
from proxeny.partnerships.facts import SERIOUS
from proxeny.partnerships.models import (
    Activity,
    KeyResult,
    Measurement,
    Objective,
    Partnership,
    Placement,
    Recommendation,
    Risk,
)
from proxeny.partnerships.money import GRANTS, read_ledger
from proxeny.partnerships.overview import MOST_ITEMS, Item, Tile


def find_goal_tiles(partnership: Partnership, today: date) -> Iterator[Tile]:
    """Yield how many key results are reached. One query."""
    newest = Measurement.objects.filter(result=OuterRef("pk")).order_by("-measured_on", "-pk")
    results = list(
        KeyResult.objects.filter(
            partnership=partnership,
            dropped_at=None,
            objective__dropped_at=None,
            objective__closed_on=None,
        )
        .annotate(now=Subquery(newest.values("value")[:1]))
        .values_list("start", "target", "now")
    )
    reached = sum(
        now is not None and (now >= target if target > start else now <= target)
        for start, target, now in results
    )
    value = _("%(reached)d of %(all)d reached") % {"reached": reached, "all": len(results)}
    yield Tile(_("Key results"), value if results else "", "", _at("goals", partnership))


def find_plan_tiles(partnership: Partnership, today: date) -> Iterator[Tile]:
    """Yield how many activities are done, and how many late. One query."""
    done = Q(state=Activity.State.DONE)
    told = Activity.objects.filter(partnership=partnership, dropped_at=None).aggregate(
        all=Count("pk"),
        done=Count("pk", filter=done),
        late=Count("pk", filter=~done & Q(ends_on__lt=today)),
    )
    value = _("%(done)d of %(all)d done") % {"done": told["done"], "all": told["all"]}
    late = told["late"]
    note = ngettext("%(count)d overdue", "%(count)d overdue", late) % {"count": late}
    yield Tile(
        _("Plan"), value if told["all"] else "", note if late else "", _at("plan", partnership)
    )


def find_risk_tiles(partnership: Partnership, today: date) -> Iterator[Tile]:
    """Yield how many risks are open, and how many of them serious. One query."""
    told = (
        Risk.objects.filter(partnership=partnership, dropped_at=None, closed_on=None)
        .annotate(grade=F("current_likelihood") * F("current_impact"))
        .aggregate(all=Count("pk"), serious=Count("pk", filter=Q(grade__gte=SERIOUS)))
    )
    count, serious = told["all"], told["serious"]
    value = ngettext("%(count)d open", "%(count)d open", count) % {"count": count}
    note = ngettext("%(count)d of them serious", "%(count)d of them serious", serious)
    yield Tile(
        _("Risks"),
        value if count else "",
        note % {"count": serious} if serious else "",
        _at("risks", partnership),
    )


def find_money_tiles(partnership: Partnership, today: date) -> Iterator[Tile]:
    """Yield this year's money, and the part of it that grants bring. Four queries."""
    ledger = read_ledger(partnership, today=today)
    lines = [one for one in ledger.lines if one.year == today.year]
    total = sum((one.amount for one in lines), Decimal(0))
    given = sum((one.amount for one in lines if one.source.kind in GRANTS), Decimal(0))
    note = _("%(part)d%% from grants") % {"part": round(100 * given / total)} if total else ""
    yield Tile(
        _("Money this year"),
        tell_amount(total, ledger.currency) if total else "",
        note,
        _at("money", partnership),
    )


def find_goals(partnership: Partnership, today: date) -> Iterator[Item]:
    """Yield the goals that are open, the next ones due first. One query."""
    found = Objective.objects.filter(partnership=partnership, dropped_at=None, closed_on=None)
    for one in found.order_by("due_on", "pk")[:MOST_ITEMS]:
        yield Item(one.title, _at("goals", partnership), _day(one.due_on))


def find_activities(partnership: Partnership, today: date) -> Iterator[Item]:
    """Yield the activities that are not done, the next ones to end first. One query."""
    found = Activity.objects.filter(partnership=partnership, dropped_at=None)
    for one in found.exclude(state=Activity.State.DONE).order_by("ends_on", "pk")[:MOST_ITEMS]:
        late = {"state": _("late"), "tone": "warn"} if one.ends_on < today else {}
        url = f"{_at('plan', partnership)}#activity-{one.pk}"
        yield Item(one.title, url, _day(one.ends_on), **late)


def find_stays(partnership: Partnership, today: date) -> Iterator[Item]:
    """Yield the stays and visits that are not over. One query."""
    found = Placement.objects.filter(partnership=partnership, dropped_at=None, closed_on=None)
    for one in found.order_by("starts_on", "pk")[:MOST_ITEMS]:
        url = f"{_at('placements', partnership)}#placement-{one.pk}"
        yield Item(one.place, url, _day(one.starts_on))


def find_texts(partnership: Partnership, today: date) -> Iterator[Item]:
    """Yield the texts that wait for signatures. At most five queries."""
    asked = [one.agreement for one in queries.list_asked(partnership)[:MOST_ITEMS]]
    for text, name in texts.names_of(asked).items():
        url = reverse("partnerships:text", args=[partnership.pk, text])
        yield Item(name, url, state=_("Waiting for signatures"), tone="warn")


def find_advice(partnership: Partnership, today: date) -> Iterator[Item]:
    """Yield recommendations, those that nobody decided first. One query."""
    found = Recommendation.objects.filter(partnership=partnership, dropped_at=None)
    found = found.exclude(state=Recommendation.State.DROPPED)
    for one in found.order_by(F("decided_on").desc(nulls_first=True), "-pk")[:MOST_ITEMS]:
        url = reverse("partnerships:recommendation", args=[partnership.pk, one.pk])
        yield Item(one.title, url, state=one.get_state_display(), tone=tone_of(one)["tone"])


def _at(name: str, partnership: Partnership) -> str:
    return reverse(f"partnerships:{name}", args=[partnership.pk])


def _day(day: date | None) -> str:
    return date_format(day) if day else ""
