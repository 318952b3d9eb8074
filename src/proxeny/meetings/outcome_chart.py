"""Chart of meeting outcomes: a funnel of steps, and the confidence of the two rates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.meetings.outcome_groups import Counts
from proxeny.meetings.queries.outcome import Chain, Rate
from proxeny.partnerships.amounts import tell_rounded

#: A step that something has come of is this wide at least, in percent.
_NARROWEST = 0.8


@dataclass(frozen=True, slots=True)
class Step:
    """Step of the chain: a bar, and its taper to the next; corners of 0 to 100.

    `share` is the share among known answers; `note` the number not known yet.
    """

    label: str
    count: int
    share: str
    note: str
    bar: str
    taper: str


@dataclass(frozen=True, slots=True)
class Span:
    """A rate on a line from 0 to `most` percent, with its limits and the reference; all percent."""

    label: str
    rate: Rate
    most: float

    @property
    def x(self) -> float:
        """The position of the rate."""
        return self._at(self.rate.percent or 0.0)

    @property
    def low(self) -> float:
        """The start of its range."""
        return self._at(self.rate.low or 0.0)

    @property
    def width(self) -> float:
        """The width of its range."""
        return self._at(self.rate.high or 0.0) - self.low

    @property
    def reference(self) -> float:
        """The position of the reference."""
        return self._at(self.rate.reference)

    def _at(self, percent: float) -> float:
        return round(min(100.0, 100 * percent / self.most), 2)


def draw_steps(chain: Chain, counts: Counts) -> list[Step]:
    """Return the steps from requests to agreement; no bar is wider than 100.

    Where nothing was ever asked for, they begin with what was planned.
    """
    return draw_funnel([*_tell_counts(counts), *_tell_steps(chain)])


def draw_funnel(told: Sequence[tuple[str, int, str, str]]) -> list[Step]:
    """Return steps drawn of label, count, share and note each; no bar is wider than 100."""
    most = max(count for _label, count, _share, _note in told) or 1
    widths = [max(100 * count / most, _NARROWEST) if count else 0.0 for _l, count, _s, _n in told]
    tapers = [*pairwise(widths), (widths[-1], widths[-1])]
    return [
        Step(label, count, share, note, _corners(above, above), _corners(above, below))
        for (label, count, share, note), (above, below) in zip(told, tapers, strict=True)
    ]


def _tell_counts(counts: Counts) -> Iterator[tuple[str, int, str, str]]:
    if counts != Counts():
        yield _("Requests"), counts.requests, "", _("someone asked to meet someone else")
        yield _("Invitations"), counts.invitations, "", _("two were invited to meet")


def _tell_steps(chain: Chain) -> Iterator[tuple[str, int, str, str]]:
    off, missed = chain.cancelled, chain.missed
    of_later = _("%(part)s%% of the %(of)s with a known outcome")
    yield (
        _("Meetings planned"),
        chain.planned,
        "",
        ngettext("%(count)s more was cancelled", "%(count)s more were cancelled", off)
        % {"count": number_format(off)}
        if off
        else "",
    )
    yield (
        _("Meetings held"),
        chain.held,
        _share(chain.held, chain.held + missed, of_later),
        _join(
            ngettext("%(count)s did not take place", "%(count)s did not take place", missed)
            % {"count": number_format(missed)}
            if missed
            else "",
            _unknown(chain.held_unknown),
        ),
    )
    yield (
        _("Cooperation possible"),
        chain.possible,
        _share(chain.possible, chain.said, of_later),
        _unknown(max(0, chain.held - chain.said)),
    )
    for label, count in (
        (_("Cooperation started"), chain.cooperations),
        (_("Agreements"), chain.agreements),
    ):
        yield label, count, _share(count, chain.later, of_later), _unknown(chain.outcome_unknown)


def _share(count: int, of: int, told: str) -> str:
    """Return a part of what is known; of nothing known, that it is not."""
    if not of:
        return _("not known yet")
    return told % {"part": tell_rounded(100 * count / of), "of": number_format(of)}


def _unknown(count: int) -> str:
    text = ngettext("%(count)s is not known yet", "%(count)s are not known yet", count)
    return text % {"count": number_format(count)} if count else ""


def _join(*parts: str) -> str:
    return " · ".join(one for one in parts if one)


def _corners(above: float, below: float) -> str:
    """Return the corners of a piece that is so wide above and below, around the middle."""
    points = ((-above, 0), (above, 0), (below, 100), (-below, 100))
    return " ".join(f"{50 + width / 2:.2f},{y}" for width, y in points)


def draw_spans(chain: Chain) -> list[Span]:
    """Return the two rates on one line, which ends just beyond everything on it.

    Empty where too few answers are known for a meaningful rate.
    """
    if chain.is_thin:
        return []
    rates = (chain.cooperation_rate, chain.agreement_rate)
    most = min(100.0, 1.1 * max(max(one.high or 0.0, one.reference) for one in rates))
    labels = (_("led to cooperation"), _("led to an agreement"))
    return [Span(label, rate, most) for label, rate in zip(labels, rates, strict=True)]
