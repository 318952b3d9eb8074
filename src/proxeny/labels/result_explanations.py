"""An applicant's result in words: the jury's findings, and possible improvements."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.lists import join_items
from proxeny.labels.content import IndicatorOutcome, IndicatorText, Outcome, SchemeText
from proxeny.labels.models import Application, Result
from proxeny.labels.presenters import tell_figure, tell_percent

Standing = Result.Standing
#: So many improvements are named, and so long is the guide to one of them.
_IMPROVEMENTS, _GUIDE = 3, 500
#: “3: it works. 5: others learn from it.”, in one line or in several.
_NUMBERED = re.compile(
    r"(?<![\w.,])(\d{1,3})\s*[:=–—-]\s*(.+?)(?=(?<!\s)\s++\d{1,3}\s*+[:=–—-]|$)", re.DOTALL
)


def figure_of(figure: Decimal | None) -> str:
    """Return points or percent as the reader writes numbers; a dash where there are none."""
    return "–" if figure is None else tell_figure(figure)


def percent_of(figure: Decimal | None) -> str:
    """Return percent as the reader writes them; a dash where there are none."""
    return "–" if figure is None else tell_percent(figure)


def draft_feedback(
    text: SchemeText, application: Application, standing: str, outcome: Outcome
) -> str:
    """Return the first part of the letter, in the active language."""
    lines = [_opening(text, application, standing, outcome)]
    if outcome.total is not None:
        lines.append(
            _("It scored %(total)s in total; %(least)s was needed.")
            % {"total": percent_of(outcome.total), "least": percent_of(text.total_least)}
        )
    if missed := list(missed_of(text, outcome)):
        lines.append(_("Below the threshold: %(list)s.") % {"list": join_items(missed)})
    if best := _strongest(text, outcome):
        lines.append(
            _("The strongest points according to the jury: %(list)s.") % {"list": join_items(best)}
        )
    return "\n\n".join(lines)


def _opening(text: SchemeText, application: Application, standing: str, outcome: Outcome) -> str:
    level = text.level(outcome.level)
    values = {
        "title": application.title,
        "label": text.name,
        "why": application.eligible_why,
        "level": text.told(level.title) if level else "",
    }
    if standing == Standing.CHOSEN:
        if level:
            return _("The jury awards “%(title)s” the label %(label)s, level %(level)s.") % values
        return _("The jury awards “%(title)s” the label %(label)s.") % values
    if standing == Standing.WAITING:
        return (
            _(
                "“%(title)s” reached all thresholds, but more projects did so than there are "
                "places. It is on the waiting list."
            )
            % values
        )
    if standing == Standing.OUT:
        return _("“%(title)s” could not take part in this round. %(why)s") % values
    return _("“%(title)s” was not awarded the label %(label)s in this round.") % values


def missed_of(text: SchemeText, outcome: Outcome) -> Iterator[str]:
    """Yield the criteria and indicators that stayed below their threshold, with the figures."""
    known = {one.key: one for one in text.criteria}
    for criterion in outcome.criteria:
        asked = known.get(criterion.key)
        if asked is not None and not criterion.passes and criterion.percent is not None:
            yield _("%(title)s (%(percent)s, %(least)s needed)") % {
                "title": text.told(asked.title),
                "percent": percent_of(criterion.percent),
                "least": percent_of(asked.least),
            }
    for one, came in _pairs(text, outcome):
        if not came.passes:
            yield _("%(title)s (%(points)s of %(scale)d points, %(least)s needed)") % {
                "title": text.told(one.title),
                "points": figure_of(came.points),
                "scale": one.scale,
                "least": figure_of(one.least),
            }


def _pairs(text: SchemeText, outcome: Outcome) -> Iterator[tuple[IndicatorText, IndicatorOutcome]]:
    came = {one.key: one for one in outcome.indicators}
    for one in text.indicators():
        if one.key in came and came[one.key].points is not None:
            yield one, came[one.key]


def _share(one: IndicatorText, came: IndicatorOutcome) -> Decimal:
    return (came.points or Decimal(0)) / one.scale


def _strongest(text: SchemeText, outcome: Outcome) -> list[str]:
    good = [(one, came) for one, came in _pairs(text, outcome) if came.passes]
    good = [pair for pair in good if _share(*pair) >= Decimal("0.6")]
    good.sort(key=lambda pair: -_share(*pair))
    return [
        _("%(title)s (%(points)s of %(scale)d)")
        % {
            "title": text.told(one.title),
            "points": figure_of(came.points),
            "scale": one.scale,
        }
        for one, came in good[:2]
    ]


def draft_improvements(text: SchemeText, outcome: Outcome) -> str:
    """Return possible improvements, a line each: points below or nearest their threshold."""
    return "\n\n".join(
        _improvement(text, one, came) for one, came in weakest(text, outcome)[:_IMPROVEMENTS]
    )


def weakest(text: SchemeText, outcome: Outcome) -> list[tuple[IndicatorText, IndicatorOutcome]]:
    """Return indicators that can be better: first below, then nearest their threshold, then rest."""

    def margin(pair: tuple[IndicatorText, IndicatorOutcome]) -> tuple[int, Decimal]:
        one, came = pair
        if one.least is None:
            return 1, _share(one, came)
        return 0, ((came.points or Decimal(0)) - one.least) / one.scale

    found = [(one, came) for one, came in _pairs(text, outcome) if came.points != one.scale]
    return sorted(found, key=margin)


def _improvement(text: SchemeText, one: IndicatorText, came: IndicatorOutcome) -> str:
    values = {
        "title": text.told(one.title),
        "points": figure_of(came.points),
        "scale": one.scale,
        "least": figure_of(one.least),
    }
    if one.least is not None:
        said = _("%(title)s: %(points)s of %(scale)d points, %(least)s needed.") % values
    else:
        said = _("%(title)s: %(points)s of %(scale)d points.") % values
    return " ".join(filter(None, (said, tell_guide(text.told(one.guide), came.points))))


def tell_guide(guide: str, points: Decimal | None) -> str:
    """Return the part of a guide on the next points it names; a short one without any, whole."""
    lines = sorted((int(found[1]), found[2]) for found in _NUMBERED.finditer(guide))
    for more, said in lines:
        if more > (points or 0):
            return ngettext(
                "What %(count)d point means: %(guide)s",
                "What %(count)d points mean: %(guide)s",
                more,
            ) % {"count": more, "guide": " ".join(said.split())[:_GUIDE]}
    return "" if lines else " ".join(guide.split())[:_GUIDE]


def tell_place(place: int | None) -> str:
    """Return a place on the waiting list as a sentence."""
    if place is None:
        return ""
    if place == 1:
        return _("You are first on the waiting list.")
    return ngettext(
        "There is %(count)d project ahead of you on the waiting list.",
        "There are %(count)d projects ahead of you on the waiting list.",
        place - 1,
    ) % {"count": place - 1}


def tell_rows(text: SchemeText, outcome: Outcome) -> Iterable[dict[str, object]]:
    """Yield criteria with their indicators as a table shows them, in the reader's language."""
    criteria = {one.key: one for one in outcome.criteria}
    came = {one.key: one for one in outcome.indicators}
    for criterion in text.criteria:
        found = criteria.get(criterion.key)
        yield {
            "title": text.told(criterion.title),
            "least": percent_of(criterion.least),
            "has_least": criterion.least is not None,
            "percent": percent_of(found.percent if found else None),
            "passes": bool(found and found.passes),
            "indicators": [
                {
                    "title": text.told(one.title),
                    "scale": one.scale,
                    "least": figure_of(one.least),
                    "has_least": one.least is not None,
                    "points": figure_of(came[one.key].points) if one.key in came else "–",
                    "passes": one.key in came and came[one.key].passes,
                }
                for one in criterion.indicators
            ],
        }
