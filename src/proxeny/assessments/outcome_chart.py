"""Outcomes of assessments as a picture, in the shape of that of meetings."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from proxeny.assessments.queries.outcomes import Chain, Rate
from proxeny.meetings.outcome_chart import Step, draw_funnel
from proxeny.partnerships.amounts import tell_rounded


@dataclass(frozen=True, slots=True)
class Span:
    """A rate on a line from 0 to 100 percent, with its limits."""

    label: str
    rate: Rate

    @property
    def x(self) -> float:
        """The position of the rate."""
        return round(self.rate.percent, 2)

    @property
    def low(self) -> float:
        """The lower end of its range."""
        return round(self.rate.low, 2)

    @property
    def width(self) -> float:
        """The width of its range."""
        return round(self.rate.high - self.rate.low, 2)


def draw_chain(chain: Chain) -> list[Step]:
    """Return the steps from the question asked to the market entered."""
    return draw_funnel(list(_told(chain)))


def _told(chain: Chain) -> Iterator[tuple[str, int, str, str]]:
    yield (
        pgettext("assessments", "Requested"),
        chain.asked,
        "",
        _("companies that asked a question"),
    )
    yield (
        pgettext("assessments", "Accepted"),
        chain.accepted,
        _share(chain.accepted, chain.asked),
        "",
    )
    yield _("Brief signed"), chain.signed, _share(chain.signed, chain.accepted), ""
    yield (
        _("Report sent"),
        chain.reported,
        _share(chain.reported, chain.signed),
        _("%(part)s of %(all)s on time")
        % {"part": number_format(chain.kept), "all": number_format(chain.promised)}
        if chain.promised
        else "",
    )
    yield _("Handed over"), chain.handed_over, _share(chain.handed_over, chain.reported), ""
    yield (
        _("Used after six months"),
        chain.used,
        _share(chain.used, chain.told_half),
        _answered(chain.told_half),
    )
    yield (
        _("Market entered after twelve months"),
        chain.entered,
        _share(chain.entered, chain.told_year),
        _answered(chain.told_year),
    )


def _answered(count: int) -> str:
    return ngettext("%(count)s has answered", "%(count)s have answered", count) % {
        "count": number_format(count)
    }


def _share(count: int, of: int) -> str:
    if not of:
        return ""
    return _("%(part)s%% of %(all)s") % {
        "part": tell_rounded(100 * count / of),
        "all": number_format(of),
    }


def draw_spans(chain: Chain) -> list[Span]:
    """Return the rates of which there is enough to say something."""
    told = (
        (_("of signed briefs led to a report"), chain.reported_rate),
        (_("of reports were sent on time"), chain.kept_rate),
        (_("of companies that answered used the report"), chain.used_rate),
        (_("of companies that answered entered the market"), chain.entered_rate),
    )
    return [Span(label, rate) for label, rate in told if not rate.is_thin]
