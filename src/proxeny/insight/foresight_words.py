"""What figures of topics and trends say, and how sure that is, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from proxeny.insight.telling import tell_count

#: How a topic goes: in a word, with the tone of its mark.
STATES: dict[str, tuple[Promise, str]] = {
    "emerging": (gettext_lazy("rises"), "ok"),
    "declining": (gettext_lazy("falls"), "warn"),
    "steady": (gettext_lazy("no sure change"), ""),
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
        gettext_lazy("nobody answers"), "bad",
        gettext_lazy("Members need it. No call is open, and on the other side nobody offers it."),
    ),
    "need_without_call": (
        gettext_lazy("no open call"), "warn",
        gettext_lazy("Members need it, and the other side offers it. No call pays for it now."),
    ),
    "call_without_need": (
        gettext_lazy("nobody has asked"), "info",
        gettext_lazy("A call is open. No member has said that it needs this."),
    ),
    "trend_alone": (
        gettext_lazy("not in hand yet"), "info",
        gettext_lazy("It rises in texts. No member needs it yet, and no call is open."),
    ),
}  # fmt: skip
#: Where nothing is missing.
MET: tuple[Promise, str, Promise] = (
    gettext_lazy("need and call meet"), "ok",
    gettext_lazy("Members need it, and a call is open."),
)  # fmt: skip
QUIET: tuple[Promise, str, Promise] = (
    gettext_lazy("quiet"), "",
    gettext_lazy("Nobody needs it, no call is open, and it does not surely rise."),
)  # fmt: skip


def tell_seen(texts: int, total: int) -> str:
    """Return in how many texts of so many a topic is."""
    text = ngettext(
        "Seen in %(count)s of %(total)s text.", "Seen in %(count)s of %(total)s texts.", total
    )
    return text % {"count": tell_count(texts), "total": tell_count(total)}


def tell_course(figures: Mapping[str, Any] | None) -> str:
    """Return where a topic goes, with the range of it; or that it cannot be said."""
    course = (figures or {}).get("course")
    if not course:
        return _("Where it goes cannot be said: that needs texts of two years.")
    growth, low, high = (tell_percent(100 * (one - 1), signed=True) for one in course["growth"])
    told = {"growth": growth, "low": low, "high": high}
    state = course["state"]
    if state == "emerging":
        chance = tell_percent(100 * max(course["q"], 0.01))
        return _(
            "It rises. Its share of these texts changes by %(growth)s a year (95 %%: %(low)s to"
            " %(high)s). Of topics told as sure as this, at most %(chance)s are chance."
        ) % {**told, "chance": chance}
    if state == "declining":
        return (
            _(
                "It falls. Its share of these texts changes by %(growth)s a year (95 %%: %(low)s to"
                " %(high)s)."
            )
            % told
        )
    if state == "steady":
        return (
            _("No sure change. By these texts its share may change by %(low)s to %(high)s a year.")
            % told
        )
    return _("Too few texts to say where it goes.")


def tell_burst(figures: Mapping[str, Any]) -> str:
    """Return when a topic was written of much more than usual; empty if never."""
    found = figures.get("bursts") or []
    if not found:
        return ""
    start, end, _weight = found[-1]
    if start == end:
        return _("Much more of it than usual in %(year)s.") % {"year": start}
    return _("Much more of it than usual from %(start)s to %(end)s.") % {
        "start": start, "end": end,
    }  # fmt: skip


def tell_percent(value: float, *, signed: bool = False) -> str:
    """Return a percentage in the reader's digits: a whole number, below ten with one digit more."""
    digits = 0 if abs(value) >= 10 else 1
    number = round(abs(value), digits)
    text = str(number_format(number, digits if number else 0, use_l10n=True))
    sign = ("−" if value < 0 else "+") if signed and number else ""
    return _("%(number)s %%") % {"number": f"{sign}{text}"}


def tell_shared(views: Mapping[str, Any], totals: Mapping[str, list[int]]) -> tuple[str, str]:
    """Return a title and a text about a topic that both sides may read.

    They tell of calls and projects, which both read; how many of one's own members write of a
    topic is not told to the other side.
    """
    told = [
        (name, views[name], sum(totals[name])) for name in ("call", "project") if name in views
    ]  # fmt: skip
    if not told:
        return _("Members write of it in what they need or offer"), ""
    counts = {
        name: _("%(count)s of %(total)s")
        % {"count": tell_count(one["texts"]), "total": tell_count(total)}
        for name, one, total in told
    }
    if len(told) == 2:
        title = _("Seen in %(calls)s calls and %(projects)s project texts") % {
            "calls": counts["call"], "projects": counts["project"],
        }  # fmt: skip
    elif "call" in counts:
        title = _("Seen in %(calls)s calls") % {"calls": counts["call"]}
    else:
        title = _("Seen in %(projects)s project texts") % {"projects": counts["project"]}
    lines = [f"{SOURCES[name]}: {tell_course(one)} {tell_burst(one)}".strip()
             for name, one, _total in told]  # fmt: skip
    return title, "\n".join(lines)
