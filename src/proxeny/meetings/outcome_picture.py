"""What came of meetings as a picture: a funnel of steps, and how sure the two rates are."""

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
    """One step of the chain: a bar, and how it narrows to the next; corners of 0 to 100."""

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
        """Where the rate stands."""
        return self._at(self.rate.percent)

    @property
    def low(self) -> float:
        """Where its range begins."""
        return self._at(self.rate.low)

    @property
    def width(self) -> float:
        """How wide its range is."""
        return self._at(self.rate.high) - self._at(self.rate.low)

    @property
    def reference(self) -> float:
        """Where the reference stands."""
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
        yield _("Requests"), counts.requests, "", _("somebody asked to meet somebody")
        yield _("Invitations"), counts.invitations, "", _("two were asked to come together")


def _tell_steps(chain: Chain) -> Iterator[tuple[str, int, str, str]]:
    off, missed, rated, later = chain.cancelled, chain.missed, chain.rated, chain.later
    of_held = _("%(part)s %% of those held")
    yield (
        _("Meetings planned"), chain.planned, "",
        ngettext("%(count)s more was called off", "%(count)s more were called off", off)
        % {"count": number_format(off)} if off else "",
    )  # fmt: skip
    yield (
        _("Meetings held"), chain.held, _share(chain.held, chain.planned, _("%(part)s %% of those planned")),
        ngettext("%(count)s did not take place", "%(count)s did not take place", missed)
        % {"count": number_format(missed)} if missed else "",
    )  # fmt: skip
    yield (
        _("Cooperation possible"), chain.possible, _share(chain.possible, chain.held, of_held),
        ngettext("%(count)s was rated on the day", "%(count)s were rated on the day", rated)
        % {"count": number_format(rated)},
    )  # fmt: skip
    yield (
        _("Cooperation begun"), chain.cooperations, _share(chain.cooperations, chain.held, of_held),
        ngettext("%(count)s answered after six months", "%(count)s answered after six months", later)
        % {"count": number_format(later)},
    )  # fmt: skip
    yield _("Agreements"), chain.agreements, _share(chain.agreements, chain.held, of_held), ""


def _share(count: int, of: int, told: str) -> str:
    return told % {"part": tell_rounded(100 * count / of)} if of else ""


def _corners(above: float, below: float) -> str:
    """Return the corners of a piece that is so wide above and below, around the middle."""
    points = ((-above, 0), (above, 0), (below, 100), (-below, 100))
    return " ".join(f"{50 + width / 2:.2f},{y}" for width, y in points)


def draw_spans(chain: Chain) -> list[Span]:
    """Return the two rates on one line, which ends just beyond all that stands on it."""
    rates = (chain.cooperation_rate, chain.agreement_rate)
    most = min(100.0, 1.1 * max(max(one.high, one.reference) for one in rates))
    labels = (_("led to cooperation"), _("led to an agreement"))
    return [Span(label, rate, most) for label, rate in zip(labels, rates, strict=True)]
