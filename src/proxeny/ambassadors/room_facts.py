"""What desks tell the room of a partnership: figures, dates, what waits, give and take, the year."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.ambassadors.models import Introduction, Mandate, TimeOption
from proxeny.ambassadors.queries.handover import at_desk
from proxeny.ambassadors.queries.totals import Totals, read_chains, read_totals
from proxeny.ambassadors.rules import OPEN
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.outcome_days import Days
from proxeny.partnerships.amounts import tell_rounded
from proxeny.partnerships.exchange import Given
from proxeny.partnerships.models import Favour, Partnership, Party
from proxeny.partnerships.overview import AHEAD, DATES, Date, Tile, Waiting
from proxeny.partnerships.report import Chapter, Figure

State = Introduction.State


def _all(partnership: Partnership, today: date) -> list[Totals]:
    """Return what each desk did since it began, and has to do. One query."""
    always = Days(timezone.get_current_timezone())
    return read_totals(partnership.pk, always, today=today)


def find_tiles(partnership: Partnership, today: date) -> Iterator[Tile]:
    """Yield how many introductions the own desk has in hand. One query."""
    own = [one for one in _all(partnership, today) if one.is_own]
    count, late = sum(one.open for one in own), sum(one.late for one in own)
    booked = sum(one.booked for one in own)
    notes = []
    if booked:
        notes.append(ngettext("%(count)d meeting to come", "%(count)d meetings to come", booked)
                     % {"count": booked})  # fmt: skip
    if late:
        notes.append(ngettext("%(count)d late", "%(count)d late", late) % {"count": late})
    value = ngettext("%(count)d open", "%(count)d open", count) % {"count": count}
    yield Tile(_("Introductions"), value if any(one.noted for one in own) else "",
               " · ".join(notes), reverse("ambassadors:board", args=[partnership.pk]))  # fmt: skip


def find_dates(reader: Reader, partnership: Partnership, today: date) -> Iterator[Date]:
    """Yield the booked meetings of the own desk that are to come. One query."""
    found = Introduction.objects.filter(
        partnership=partnership, cluster_id__in=reader.organisations, state=State.BOOKED,
        meeting__ends_at__date__gte=today, meeting__starts_at__date__lte=today + AHEAD,
    ).select_related("meeting", "member", "stakeholder")  # fmt: skip
    for one in found.order_by("meeting__starts_at", "pk")[:DATES]:
        yield Date(
            timezone.localdate(one.meeting.starts_at), f"{one.member.name} – {one.stakeholder.name}",
            reverse("ambassadors:case", args=[partnership.pk, one.pk]), _("Introduction"),
        )  # fmt: skip


def find_waiting(reader: Reader, partnership: Partnership, today: date) -> Iterator[Waiting]:
    """Yield what waits for who works at a desk. Two queries, or none for all others."""
    if not reader.desks:
        return
    pk, own = partnership.pk, {"partnership": partnership, "cluster_id__in": reader.desks}
    asked = Mandate.objects.filter(**own, state=Mandate.State.ASKED).count()
    if asked:
        text = ngettext("%(count)d mandate waits for the desk’s answer.",
                        "%(count)d mandates wait for the desk’s answer.", asked)  # fmt: skip
        yield Waiting(text % {"count": asked}, reverse("ambassadors:mandates", args=[pk]),
                      _("Answer"))  # fmt: skip
    told = Introduction.objects.filter(**own).aggregate(
        **_counts(reader, today=today), lost=Count("pk", filter=_lost(today))
    )
    board, lost = reverse("ambassadors:board", args=[pk]), told["lost"]
    for text, url, label in (
        (ngettext("%(count)d introduction has a time that waits for your yes.",
                  "%(count)d introductions have times that wait for your yes.", told["times"])
         % {"count": told["times"]} if told["times"] else "", board, _("See them")),
        (ngettext("%(count)d introduction of yours is due.",
                  "%(count)d introductions of yours are due.", told["due"])
         % {"count": told["due"]} if told["due"] else "", f"{board}?who=me", _("See them")),
        (ngettext("%(count)d introduction is in charge of somebody who has left.",
                  "%(count)d introductions are in charge of somebody who has left.", lost)
         % {"count": lost} if lost else "", reverse("ambassadors:hand-over", args=[pk]),
         _("Hand over")),
    ):  # fmt: skip
        if text:
            yield Waiting(text, url, label)


def _counts(reader: Reader, *, today: date) -> dict[str, Count]:
    """Return what is counted of open cases: own ones that are due, times without the desk's word."""
    is_open = Q(state__in=OPEN)
    proposed = TimeOption.objects.filter(
        introduction=OuterRef("pk"), withdrawn_at=None, desk=None, starts_at__gt=timezone.now()
    )
    return {
        "due": Count("pk", filter=is_open & Q(in_charge=reader.person, next_on__lte=today)),
        "times": Count("pk", filter=is_open & Q(Exists(proposed))),
    }


def _lost(today: date) -> Q:
    """Return the condition that who is in charge of an open case does not work there any more."""
    return Q(state__in=OPEN, in_charge__isnull=False) & ~Q(Exists(at_desk(today=today)))


def count_given(partnership: Partnership, parties: Sequence[Party]) -> Iterator[Given]:
    """Yield how many introductions each side's desk made to which both said yes. One query.

    In an alliance nobody keeps to which of the others a desk introduced: the first stands for them.
    """
    sides = [one.organisation_id for one in parties]
    for one in _all(partnership, timezone.localdate()):
        others = [pk for pk in sides if pk != one.cluster_id]
        if one.agreed and one.cluster_id in sides and others:
            yield Given(Favour.Kind.INTRODUCTION, one.cluster_id, others[0], one.agreed)


def find_chapters(partnership: Partnership, first: date, until: date) -> Iterator[Chapter]:
    """Yield what the desks of both sides did in a year, each as a whole. Four queries."""
    days = Days(timezone.get_default_timezone(), first, until)
    totals = [one for one in read_totals(partnership.pk, days, today=until) if one.has_done]
    parties = Party.objects.filter(partnership=partnership).select_related("organisation")
    names = {one.organisation_id: one.organisation.name for one in parties}
    outcomes = read_chains(partnership.pk, days)
    figures = []
    for one in totals:
        chain, _terms = outcomes.of(one.cluster_id)
        figures += list(_figures(one, names[one.cluster_id], chain.held))
    if figures:
        yield Chapter(
            _("The ambassadors’ desks"),
            _(
                "Whom they brought together, in totals: who it was stands in each side’s own report."
            ),
            tuple(figures),
        )


def _figures(one: Totals, name: str, held: int) -> Iterator[Figure]:
    days = "" if one.days_to_yes is None else tell_rounded(one.days_to_yes)
    yield Figure(
        _("Introductions of %(name)s") % {"name": name}, number_format(one.noted),
        _("both said yes to %(agreed)s; %(held)s led to a meeting")
        % {"agreed": number_format(one.agreed), "held": number_format(held)},
    )  # fmt: skip
    if days:
        yield Figure(_("Days from asking to both yes, median"), days, name)
    if one.mandates:
        yield Figure(
            _("Mandates asked of %(name)s") % {"name": name}, number_format(one.mandates),
            _("%(count)s accepted") % {"count": number_format(one.accepted)},
        )  # fmt: skip
