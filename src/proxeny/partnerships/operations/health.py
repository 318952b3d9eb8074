"""The measured signals of a room beside the opinions: each figure with its parts; nothing is written."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.partnerships.amounts import tell_amount, tell_rounded
from proxeny.partnerships.exchange import Row, weigh
from proxeny.partnerships.facts import SERIOUS
from proxeny.partnerships.models import Action, Partnership, Party, Risk
from proxeny.partnerships.money import Ledger, read_ledger
from proxeny.partnerships.operations.balance import imbalance_of, is_uneven
from proxeny.partnerships.operations.funding import measure_years, save_core_without_grants
from proxeny.partnerships.signals import Signal, signals_above


def gather_signals(
    partnership: Partnership, parties: Sequence[Party], *, today: date
) -> list[Signal]:
    """Return what was measured. A constant number of queries."""
    ledger = read_ledger(partnership, today=today)
    return [
        *signals_above(partnership, today=today),
        _plan(partnership, ledger, today),
        _actions(partnership, today),
        _risks(partnership),
        *_money(partnership, ledger, today),
        _exchange(partnership, weigh(partnership, parties, today=today)),
    ]


def _plan(partnership: Partnership, ledger: Ledger, today: date) -> Signal:
    done, late = ledger.count_done(), ledger.count_late(today)
    note = ngettext("%(count)d overdue", "%(count)d overdue", late) % {"count": late}
    total = len(ledger.activities)
    return Signal(
        "plan",
        _("Plan"),
        _("%(done)d of %(all)d done") % {"done": done, "all": total} if total else _("no plan yet"),
        note if late else "",
        reverse("partnerships:plan", args=[partnership.pk]),
        "warn" if late else "ok" if done else "",
        ("pace", "goals"),
    )


def _actions(partnership: Partnership, today: date) -> Signal:
    found = Action.objects.filter(partnership=partnership, dropped_at=None, done_on=None).aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today))
    )
    value = ngettext("%(count)d open", "%(count)d open", found["all"]) % {"count": found["all"]}
    note = ngettext("%(count)d overdue", "%(count)d overdue", found["late"]) % {
        "count": found["late"]
    }
    return Signal(
        "actions",
        _("Actions"),
        value,
        note if found["late"] else "",
        f"{reverse('partnerships:plan', args=[partnership.pk])}#actions",
        "warn" if found["late"] else "ok" if found["all"] else "",
        ("roles", "stake"),
    )


def _risks(partnership: Partnership) -> Signal:
    grades = [
        likelihood * impact
        for likelihood, impact in Risk.objects.filter(
            partnership=partnership, dropped_at=None, closed_on=None
        ).values_list("current_likelihood", "current_impact")
    ]
    serious = sum(one >= SERIOUS for one in grades)
    value = ngettext("%(count)d open", "%(count)d open", len(grades)) % {"count": len(grades)}
    note = ngettext("%(count)d of them serious", "%(count)d of them serious", serious)
    return Signal(
        "risks",
        _("Risks"),
        value if grades else _("none recorded"),
        note % {"count": serious} if serious else "",
        reverse("partnerships:risks", args=[partnership.pk]),
        "warn" if serious else "",
        ("flexible",),
    )


def _money(partnership: Partnership, ledger: Ledger, today: date) -> Iterator[Signal]:
    url = reverse("partnerships:money", args=[partnership.pk])
    year = today.year if today.year in ledger.years else None
    now = next((one for one in measure_years(ledger) if one.year == year), None)
    if now is None or now.by_source.as_many_as is None:
        yield Signal("money", _("Money this year"), _("none recorded"), "", url, "", ("money",))
        return
    many = now.by_source.as_many_as
    yield Signal(
        "money",
        _("Money this year"),
        tell_amount(now.total, ledger.currency),
        _("%(part)d%% from grants; as concentrated as %(many)s equal sources")
        % {"part": round(100 * now.granted), "many": tell_rounded(many)},
        url,
        "warn" if many < 2 else "",
        ("money",),
    )
    missing = save_core_without_grants(ledger, year=year)
    if missing is not None:
        yield Signal(
            "independent",
            _("The core without grants"),
            _("stops") if missing else _("continues"),
            _("%(sum)s would save it") % {"sum": tell_amount(missing, ledger.currency)}
            if missing
            else "",
            reverse("partnerships:stress", args=[partnership.pk]),
            "bad" if missing else "ok",
            ("independent",),
        )


def _exchange(partnership: Partnership, rows: Sequence[Row]) -> Signal:
    """Return what each side gave, kind by kind: kinds are not added up."""
    weighed = [(row, imbalance_of(row)) for row in rows]
    known = [(row, one) for row, one in weighed if one is not None]
    uneven = [row for row, one in known if is_uneven(one)]
    value = _("%(even)d of %(all)d types balanced") % {
        "even": len(known) - len(uneven),
        "all": len(known),
    }
    told = [
        _("%(kind)s %(first)d : %(second)d")
        % {"kind": row.label, **dict(zip(("first", "second"), row.given, strict=True))}
        for row in uneven
    ]
    return Signal(
        "exchange",
        _("Give and take"),
        value if known else _("nothing counted yet"),
        " · ".join(told),
        reverse("partnerships:exchange", args=[partnership.pk]),
        "warn" if uneven else "ok" if known else "",
        ("stake", "compromise", "benefit"),
    )
