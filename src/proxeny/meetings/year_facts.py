"""Facts from catch-ups and meetings for the yearly report of a partnership."""

from collections.abc import Iterator
from datetime import date

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from proxeny.meetings.models import CatchUp, Decision, Meeting
from proxeny.meetings.operations.rhythm import Picture, read_rhythms
from proxeny.meetings.queries.catch_ups import day_of
from proxeny.meetings.queries.outcome import Rate, count_outcome, shown_meetings
from proxeny.partnerships.amounts import tell_rounded
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.report import Chapter, Figure

State = Meeting.State
#: So many windows a rhythm can have in two years, one a week.
_WINDOWS = 110


def find_chapters(partnership: Partnership, first: date, until: date) -> Iterator[Chapter]:
    """Yield how both teams kept in touch in a year, and the outcomes of the members' meetings.

    Six queries.
    """
    yield _catch_ups(partnership, first, until)
    yield _meetings(partnership, first, until)


def _catch_ups(partnership: Partnership, first: date, until: date) -> Chapter:
    found = [
        one
        for one in CatchUp.objects.filter(partnership=partnership).select_related("meeting")
        if first <= day_of(one.meeting) <= until
    ]
    held = [one for one in found if one.meeting.state == State.HELD]
    there = sum(one.in_person for one in held)
    decided = Decision.objects.filter(catch_up__in=[one.pk for one in held]).count()
    counts = {
        state: sum(one.meeting.state == state for one in found)
        for state in (State.MISSED, State.CANCELLED)
    }
    figures = [
        Figure(
            _("Catch-ups held"),
            number_format(len(held)),
            _("%(count)s of them face to face") % {"count": number_format(there)} if there else "",
        ),
        *(
            _rhythm(one, first, until)
            for one in read_rhythms(partnership, today=until, shown=_WINDOWS)
        ),
        Figure(_("Missed or cancelled"), number_format(sum(counts.values()))),
        Figure(_("Decisions recorded"), number_format(decided)),
    ]
    return Chapter(
        _("Keeping in touch"),
        _("The two teams’ catch-ups and the rhythm they agreed on."),
        tuple(figures),
        (figures[0],),
    )


def _rhythm(picture: Picture, first: date, until: date) -> Figure:
    over = [one for one in picture.marks if not one.is_running and first <= one.last <= until]
    kept = sum(one.state == "kept" for one in over)
    return Figure(
        _("Catch-ups face to face") if picture.in_person else _("Catch-ups in the agreed rhythm"),
        _("%(kept)d of %(all)d kept") % {"kept": kept, "all": len(over)}
        if over
        else _("just started"),
    )


def _meetings(partnership: Partnership, first: date, until: date) -> Chapter:
    meetings = shown_meetings(partnership.pk).filter(starts_at__date__range=(first, until))
    chain = count_outcome(meetings)
    held = Figure(_("Members’ meetings"), number_format(chain.held))
    figures = [
        held,
        Figure(_("Did not take place"), number_format(chain.missed)),
        Figure(_("Cooperation possible (one side)"), number_format(chain.possible)),
        Figure(_("Cooperation possible (both sides)"), number_format(chain.both)),
        Figure(_("Answered after six months"), number_format(chain.later)),
        Figure(
            _("Led to cooperation"),
            number_format(chain.cooperations),
            _rate(chain.cooperation_rate),
        ),
        Figure(
            _("Led to an agreement"), number_format(chain.agreements), _rate(chain.agreement_rate)
        ),
    ]
    return Chapter(
        _("Outcomes of the members’ meetings"),
        _("From meeting to agreement, as reported by those who met."),
        tuple(figures) if chain.planned else (),
        (held,) if chain.held else (),
    )


def _rate(rate: Rate) -> str:
    if rate.percent is None or rate.low is None or rate.high is None:
        return _("not known yet")
    return _(
        "%(part)s%% of the %(of)s with a known outcome (95%% confidence: %(low)s to "
        "%(high)s%%); at ten European events, %(reference)s%% of all"
    ) % {
        "of": number_format(rate.of),
        "part": tell_rounded(rate.percent),
        "low": tell_rounded(rate.low),
        "high": tell_rounded(rate.high),
        "reference": tell_rounded(rate.reference),
    }
