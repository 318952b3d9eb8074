"""The timeline of a partnership: its start, members joining and leaving, stages, and publications.

A partnership that becomes an alliance stays the same one: its earlier history is kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from proxeny.alliances.content import ALLIANCE
from proxeny.alliances.models import PageVersion
from proxeny.alliances.rules import is_founder
from proxeny.kernel.models import AuditEntry
from proxeny.partnerships.models import Agreement, Partnership, Party

Kind = Agreement.Kind


@dataclass(frozen=True, slots=True)
class Moment:
    """An event on the timeline; `side` is the letter of the side that joined or left."""

    on: date
    title: str
    side: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """The events of a partnership, oldest first.

    `alliance_since` is the day from which more than two have taken part without a break; None while
    there are no more than two. `joined` gives the date from which each party takes part, by its
    number.
    """

    moments: Sequence[Moment]
    since: date
    alliance_since: date | None
    joined: dict[int, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Come:
    """A party that came (`step` 1) or went (-1)."""

    on: date
    party: Party
    step: int


def read_line(
    partnership: Partnership, parties: Iterable[Party], versions: Iterable[PageVersion]
) -> Line:
    """Return the timeline of a partnership. Two queries.

    Parameters
    ----------
    versions : iterable of PageVersion
        What was published of it.
    """
    by_pk = {one.pk: one for one in parties}
    texts = Agreement.objects.filter(
        partnership=partnership,
        kind__in=(Kind.TEXT, Kind.STAGE, Kind.JOINING),
        completed_at__isnull=False,
    )
    signed = list(texts.order_by("completed_at", "pk").defer("text"))
    since = _since(partnership, signed)
    founded = [_Come(since, one, 1) for one in by_pk.values() if is_founder(one)]
    comes = [
        _Come(_day(one.completed_at), by_pk[int(one.subject)], 1)
        for one in signed
        if one.kind == Kind.JOINING and int(one.subject) in by_pk
    ]
    moves = sorted([*comes, *_leaves(partnership, by_pk, [*founded, *comes])], key=lambda m: m.on)
    moments = [
        Moment(since, _("The partnership began"), "both"),
        *_texts(signed),
        *_moves(moves, len(founded)),
        *_pages(versions),
    ]
    if partnership.state == Partnership.State.ENDED and partnership.ends_on:
        moments.append(Moment(partnership.ends_on, _("The partnership ended")))
    return Line(
        moments=sorted(moments, key=lambda one: one.on),
        since=since,
        alliance_since=_alliance_since(moves, len(founded)),
        joined={one.party.pk: one.on for one in [*founded, *comes]},
    )


def _day(moment: datetime | None) -> date:
    return timezone.localtime(moment).date() if moment else date.max


def _since(partnership: Partnership, signed: Iterable[Agreement]) -> date:
    """Return the first day that was agreed, or on which all signed."""
    days = [_day(one.completed_at) for one in signed if one.kind == Kind.TEXT]
    return partnership.starts_on or min(days, default=_day(partnership.created_at))


def _leaves(
    partnership: Partnership, by_pk: dict[int, Party], comes: Sequence[_Come]
) -> list[_Come]:
    """Return the departures with their dates, including parties that came back. One query."""
    by_organisation = {one.organisation_id: one for one in by_pk.values()}
    left = AuditEntry.objects.filter(partnership_id=partnership.pk, verb="leave_alliance")
    found = [
        _Come(_day(at), by_organisation[organisation], -1)
        for organisation, at in left.order_by("at").values_list("organisation_id", "at")
        if organisation in by_organisation
    ]
    for one in by_pk.values():
        came, went = (sum(move.party.pk == one.pk for move in some) for some in (comes, found))
        # Parties that never joined have declined an invitation.
        if one.state == Party.State.LEFT and one.left_on and came > went:
            found.append(_Come(one.left_on, one, -1))
    return found


def _texts(signed: Iterable[Agreement]) -> Iterable[Moment]:
    for one in signed:
        if one.kind == Kind.STAGE:
            stage = one.stage.label
            yield Moment(_day(one.completed_at), _("New stage: %(stage)s") % {"stage": stage})
        elif one.kind == Kind.TEXT:
            told = (
                _("All sides signed the agreement")
                if one.number == 1
                else _("All sides signed a new version of the agreement")
            )
            yield Moment(_day(one.completed_at), told)


def _moves(moves: Iterable[_Come], count: int) -> Iterable[Moment]:
    for one in moves:
        count += one.step
        names = {"name": one.party.organisation.name}
        told = _("%(name)s joined") if one.step > 0 else _("%(name)s left")
        yield Moment(one.on, told % names, one.party.side.lower())
        if one.step > 0 and count == ALLIANCE:
            yield Moment(one.on, _("The partnership became an alliance"))


def _pages(versions: Iterable[PageVersion]) -> Iterable[Moment]:
    for one in versions:
        if one.published_at:
            told = _("The public page was published, version %(number)d")
            yield Moment(_day(one.published_at), told % {"number": one.number})
        if one.withdrawn_at:
            told = _("Version %(number)d of the public page was withdrawn")
            yield Moment(_day(one.withdrawn_at), told % {"number": one.number})


def _alliance_since(moves: Iterable[_Come], count: int) -> date | None:
    since = None
    for one in moves:
        count += one.step
        if count < ALLIANCE:
            since = None
        elif since is None:
            since = one.on
    return since
