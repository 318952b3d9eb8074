"""Sentences on the figures of topics and trends, and on how certain they are."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from proxeny.insight.presenters import tell_count
from proxeny.kernel.percent import add_percent_sign

#: How a topic goes: in a word, with the tone of its mark.
STATES: dict[str, tuple[Promise, str]] = {
    "emerging": (gettext_lazy("rising"), "ok"),
    "declining": (gettext_lazy("falling"), "warn"),
    "steady": (gettext_lazy("no clear change"), ""),
    "too_few": (gettext_lazy("too few to say"), ""),
}
#: The kinds of texts, as filters call them.
SOURCES: dict[str, Promise] = {
    "call": gettext_lazy("Calls"),
    "project": gettext_lazy("Projects"),
    "need": gettext_lazy("Needs"),
    "offer": gettext_lazy("Offers"),
}
#: What is missing, in a word with the tone of its mark, and in a sentence.
GAPS: dict[str, tuple[Promise, str, Promise]] = {
    "unmet_need": (
        gettext_lazy("no one offers it"),
        "bad",
        gettext_lazy("Members need it. No call is open, and no one on the other side offers it."),
    ),
    "need_without_call": (
        gettext_lazy("no open call"),
        "warn",
        gettext_lazy("Members need it, and the other side offers it. No open call funds it now."),
    ),
    "call_without_need": (
        gettext_lazy("no stated need"),
        "info",
        gettext_lazy("A call is open. No member has said they need this."),
    ),
    "trend_alone": (
        gettext_lazy("not addressed yet"),
        "info",
        gettext_lazy(
            "Texts mention it more and more. No member needs it yet, and no call is open."
        ),
    ),
}
#: Where nothing is missing.
MET: tuple[Promise, str, Promise] = (
    gettext_lazy("need and call match"),
    "ok",
    gettext_lazy("Members need it, and a call is open."),
)
QUIET: tuple[Promise, str, Promise] = (
    gettext_lazy("quiet"),
    "",
    gettext_lazy("No one needs it, no call is open, and it isn’t clearly rising."),
)


def tell_seen(texts: int, total: int) -> str:
    """Return the share of texts that have a topic, in words."""
    text = ngettext(
        "Seen in %(count)s of %(total)s text.", "Seen in %(count)s of %(total)s texts.", total
    )
    return text % {"count": tell_count(texts), "total": tell_count(total)}


def tell_course(figures: Mapping[str, Any] | None) -> str:
    """Return the trend of a topic with its range, or that it is unknown."""
    course = (figures or {}).get("course")
    if not course:
        return _("The direction can’t be determined: that takes texts from two years.")
    growth, low, high = (tell_percent(100 * (one - 1), signed=True) for one in course["growth"])
    told = {"growth": growth, "low": low, "high": high}
    state = course["state"]
    if state == "emerging":
        chance = tell_percent(100 * max(course["q"], 0.01))
        return _(
            "Rising. Its share of these texts changes by %(growth)s a year (95%%: %(low)s to "
            "%(high)s). Among topics reported with this certainty, at most %(chance)s are due to "
            "chance."
        ) % {**told, "chance": chance}
    if state == "declining":
        return (
            _(
                "Falling. Its share of these texts changes by %(growth)s a year (95%%: %(low)s "
                "to %(high)s)."
            )
            % told
        )
    if state == "steady":
        return (
            _(
                "No clear change. Based on these texts, its share may change by %(low)s to "
                "%(high)s a year."
            )
            % told
        )
    return _("Too few texts to determine the direction.")


def tell_burst(figures: Mapping[str, Any]) -> str:
    """Return the years with unusually many texts on a topic; empty if none."""
    found = figures.get("bursts") or []
    if not found:
        return ""
    start, end, _weight = found[-1]
    if start == end:
        return _("Mentioned much more than usual in %(year)s.") % {"year": start}
    return _("Mentioned much more than usual from %(start)s to %(end)s.") % {
        "start": start,
        "end": end,
    }


def tell_percent(value: float, *, signed: bool = False) -> str:
    """Return a percentage in the reader's digits: a whole number, below ten with one digit more."""
    digits = 0 if abs(value) >= 10 else 1
    number = round(abs(value), digits)
    text = str(number_format(number, digits if number else 0, use_l10n=True))
    sign = ("−" if value < 0 else "+") if signed and number else ""
    return add_percent_sign(f"{sign}{text}")


def tell_shared(views: Mapping[str, Any], totals: Mapping[str, list[int]]) -> tuple[str, str]:
    """Return a title and a text about a topic that both sides may read.

    They name calls and projects, which both sides read; how many members write about a topic is
    not disclosed to the other side.
    """
    told = [(name, views[name], sum(totals[name])) for name in ("call", "project") if name in views]
    if not told:
        return _("Members mention it in what they need or offer"), ""
    counts = {
        name: _("%(count)s of %(total)s")
        % {"count": tell_count(one["texts"]), "total": tell_count(total)}
        for name, one, total in told
    }
    if len(told) == 2:
        title = _("Seen in %(calls)s calls and %(projects)s project texts") % {
            "calls": counts["call"],
            "projects": counts["project"],
        }
    elif "call" in counts:
        title = _("Seen in %(calls)s calls") % {"calls": counts["call"]}
    else:
        title = _("Seen in %(projects)s project texts") % {"projects": counts["project"]}
    lines = [
        f"{SOURCES[name]}: {tell_course(one)} {tell_burst(one)}".strip()
        for name, one, _total in told
    ]
    return title, "\n".join(lines)
