"""Assessments in the yearly report of a partnership: requests and their outcomes."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.assessments.models import Engagement
from proxeny.assessments.queries.outcomes import Rate, count_chain
from proxeny.meetings.outcome_days import Days
from proxeny.partnerships.amounts import tell_rounded
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.report import Chapter, Figure


def find_chapters(partnership: Partnership, first: date, until: date) -> Iterator[Chapter]:
    """Yield the outcomes of the assessments requested in a year. One query."""
    days = Days(timezone.get_default_timezone(), first, until)
    asked = Engagement.objects.filter(days.holds("asked_at"), partnership=partnership)
    chain = count_chain(asked)
    if not chain.asked:
        return
    figures = [
        Figure(
            _("Market assessments requested"),
            number_format(chain.asked),
            _("%(signed)s with a signed brief, %(reported)s with a report, %(handed)s handed over")
            % {
                "signed": number_format(chain.signed),
                "reported": number_format(chain.reported),
                "handed": number_format(chain.handed_over),
            },
        ),
    ]
    if chain.promised:
        figures.append(Figure(_("Reports sent on time"), _part(chain.kept_rate), ""))
    if chain.mean_days is not None:
        figures.append(
            Figure(
                _("Days from the brief to the report, on average"),
                tell_rounded(chain.mean_days),
                _of_reports(chain.timed),
            )
        )
    for label, rate in (
        (_("Reports used after six months"), chain.used_rate),
        (_("Markets entered after twelve months"), chain.entered_rate),
    ):
        if rate.of:
            figures.append(Figure(label, _part(rate), _range(rate)))
    yield Chapter(
        _("Market assessments"),
        _("What companies asked about the other side’s market, and what they say came of it."),
        tuple(figures),
    )


def _of_reports(count: int) -> str:
    text = ngettext("of %(count)s report", "of %(count)s reports", count)
    return text % {"count": number_format(count)}


def _part(rate: Rate) -> str:
    return _("%(part)s of %(all)s") % {
        "part": number_format(rate.count),
        "all": number_format(rate.of),
    }


def _range(rate: Rate) -> str:
    if rate.is_thin:
        return ""
    return _("range %(low)s – %(high)s%%") % {
        "low": tell_rounded(rate.low),
        "high": tell_rounded(rate.high),
    }
