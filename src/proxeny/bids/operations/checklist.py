"""The checklist before a bid is submitted: each item's state, and where to fix it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from proxeny.bids.models import Bid, Partner
from proxeny.bids.operations.budgets import to_amount
from proxeny.bids.operations.standing import Standing
from proxeny.bids.operations.wording import fingerprint_of
from proxeny.calls.queries.watching import next_deadline
from proxeny.calls.rules import format_deadline
from proxeny.kernel.lists import join_items
from proxeny.kernel.spans import tell_span
from proxeny.partnerships.amounts import tell_amount

type State = Literal["done", "missing", "warning"]
DONE: State = "done"
MISSING: State = "missing"
WARNING: State = "warning"
#: The name of each item, in the order of fixing them.
LABELS = {
    "sides": gettext_lazy("All sides want to bid"),
    "partners": gettext_lazy("All partners have agreed"),
    "coordinator": gettext_lazy("There is a coordinator"),
    "conditions": gettext_lazy("The conditions are met"),
    "work": gettext_lazy("Work packages are led and staffed"),
    "budget": gettext_lazy("The budget adds up"),
    "papers": gettext_lazy("The documents are ready"),
    "signed": gettext_lazy("All partners have signed"),
    "deadline": gettext_lazy("There is time left"),
}
#: Where each is mended: the name of a page, and the part of it.
_PARTS = {"sides": "decision", "conditions": "conditions", "signed": "signed"}
_PAGES = {
    "sides": "bids:bid",
    "partners": "bids:consortium",
    "coordinator": "bids:consortium",
    "conditions": "bids:bid",
    "work": "bids:plan",
    "budget": "bids:budget",
    "papers": "bids:papers",
    "signed": "bids:submission",
    "deadline": "",
}
#: These have to be there before the whole bid is put before its partners.
BEFORE_SIGNING = ("partners", "coordinator", "conditions", "budget")
#: Problems of the plan, among those of the budget.
_OF_WORK = ("no-package", "no-effort", "no-lead", "lead-left")
#: So many names stand in a sentence, and so many sentences in an item; the rest is counted.
_NAMED, _TOLD = 5, 3
#: From here on the time that is left is short.
_SHORT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the checklist.

    Attributes
    ----------
    code : str
        A key of `LABELS`.
    text : str
        Its state, as a sentence.
    """

    code: str
    state: State
    text: str

    @property
    def label(self) -> str:
        """The name of the item."""
        return str(LABELS[self.code])

    @property
    def page(self) -> str:
        """The name of the page on which it is mended; empty if there is none."""
        return _PAGES[self.code]

    @property
    def part(self) -> str:
        """The part of that page; empty for all of it."""
        return _PARTS.get(self.code, "")


def check(standing: Standing, *, zone: str, now: datetime) -> tuple[Item, ...]:
    """Return each item for a bid in preparation. No query.

    Parameters
    ----------
    zone : str
        The reader's time zone, in which the deadline is shown too.
    """
    found = {
        "sides": _sides(standing),
        "partners": _partners(standing),
        "coordinator": _coordinator(standing),
        "conditions": _conditions(standing),
        "work": _work(standing),
        "budget": _budget(standing),
        "papers": _papers(standing),
        "signed": _signed(standing),
        "deadline": _deadline(standing.bid, zone, now),
    }
    return tuple(Item(code, *found[code]) for code in LABELS)


def missing(items: Iterable[Item], codes: Iterable[str] = tuple(LABELS)) -> list[Item]:
    """Return the items among some that are not there."""
    wanted = set(codes)
    return [one for one in items if one.state == MISSING and one.code in wanted]


def last_deadline(bid: Bid) -> datetime | None:
    """Return when the call of a bid closes for good; None: it has no deadline."""
    return bid.call.second_closes_at or bid.call.closes_at


def name_some(names: Sequence[str]) -> str:
    """Return some names in a row; of many the first, and how many more."""
    if len(names) <= _NAMED:
        return join_items(names)
    more = len(names) - _NAMED
    told = ngettext("%(names)s and %(more)d more", "%(names)s and %(more)d more", more)
    return told % {"names": join_items(names[:_NAMED]), "more": more}


def _sides(standing: Standing) -> tuple[State, str]:
    sides = standing.sides
    if sides.against:
        names = name_some([one.name for one in sides.against])
        return MISSING, _("Decided not to bid: %(names)s.") % {"names": names}
    if sides.silent:
        names = name_some([one.name for one in sides.silent])
        return MISSING, _("Yet to decide: %(names)s.") % {"names": names}
    if sides.stops_without:
        return WARNING, _(
            "All sides want to bid, but none of this would continue without the grant. Think "
            "that over."
        )
    return DONE, _("All sides want to bid.")


def _partners(standing: Standing) -> tuple[State, str]:
    if not standing.counted:
        return MISSING, _("No partners added yet.")
    asked = [one.name for one in standing.counted if one.state != Partner.State.IN]
    if asked:
        return MISSING, _("Yet to agree: %(names)s.") % {"names": name_some(asked)}
    bare = [one.name for one in standing.counted if one.pk not in standing.letters]
    if bare:
        return MISSING, _("Letter of intent not signed: %(names)s.") % {"names": name_some(bare)}
    count = len(standing.counted)
    return DONE, ngettext(
        "%(count)d partner takes part and has signed its letter of intent.",
        "%(count)d partners take part and have signed their letters of intent.",
        count,
    ) % {"count": count}


def _coordinator(standing: Standing) -> tuple[State, str]:
    leads = next((one for one in standing.counted if one.leads), None)
    if leads is None:
        return MISSING, _("No coordinator yet.")
    return DONE, _("%(name)s is the coordinator.") % {"name": leads.name}


def _conditions(standing: Standing) -> tuple[State, str]:
    state = standing.verdict.agreed.state
    if not state:
        return WARNING, _(
            "No conditions are recorded for this call. Check them in the call itself."
        )
    if state == "met":
        return DONE, _("The partners who have agreed meet all of them.")
    if state == "unknown":
        return WARNING, _("No condition is broken, but some are uncertain.")
    broken = [one for one in standing.verdict.agreed.told if one.state == "broken"]
    return MISSING, ngettext(
        "%(count)d condition is not met by the partners who have agreed.",
        "%(count)d conditions are not met by the partners who have agreed.",
        len(broken),
    ) % {"count": len(broken)}


def _work(standing: Standing) -> tuple[State, str]:
    found = [one.text for one in standing.problems if one.code in _OF_WORK]
    if found:
        return MISSING, _tell(found)
    return DONE, _("Every work package has a lead and someone working on it.")


def _budget(standing: Standing) -> tuple[State, str]:
    if not standing.budget.total.total:
        return MISSING, _("Nothing is budgeted yet.")
    found = [one.text for one in standing.problems if one.code not in _OF_WORK]
    if found:
        return MISSING, _tell(found)
    asked = tell_amount(to_amount(standing.budget.request), standing.bid.call.currency)
    return DONE, _("It adds up. Total requested: %(sum)s.") % {"sum": asked}


def _tell(sentences: Sequence[str]) -> str:
    """Return some sentences in a row; of many the first, and how many more."""
    more = len(sentences) - _TOLD
    rest = ngettext("And %(count)d more like this.", "And %(count)d more like these.", more) % {
        "count": more
    }
    return " ".join([*sentences[:_TOLD], *([rest] if more > 0 else [])])


def _papers(standing: Standing) -> tuple[State, str]:
    needed = [one for one in standing.papers if one.paper.is_required]
    absent = [one.paper.title for one in needed if one.is_missing]
    if absent:
        return MISSING, _("No version yet: %(names)s.") % {"names": name_some(absent)}
    if not needed:
        return WARNING, _("No document is marked as required.")
    return DONE, ngettext(
        "%(count)d required document is ready.",
        "All %(count)d required documents are ready.",
        len(needed),
    ) % {"count": len(needed)}


def _signed(standing: Standing) -> tuple[State, str]:
    text = standing.text
    if text is None:
        return MISSING, _("It hasn’t been sent for signature yet.")
    if text.waits:
        names = name_some([one.name for one in text.unsigned])
        return MISSING, _("Yet to sign: %(names)s.") % {"names": names}
    if text.refused_by:
        return MISSING, _(
            "%(name)s declined to sign. Send it to all partners for signature again."
        ) % {"name": text.refused_by}
    if not text.holds or not is_current(standing):
        return MISSING, _(
            "It has changed since it was signed. Send it to all partners for signature again."
        )
    return DONE, _("All partners have signed the bid as it is now.")


def is_current(standing: Standing) -> bool:
    """Whether what was last put before the partners has the figures that stand now."""
    return standing.text is not None and fingerprint_of(standing) in standing.text.agreement.text


def _deadline(bid: Bid, zone: str, now: datetime) -> tuple[State, str]:
    last = last_deadline(bid)
    if last is None:
        return WARNING, _("The call has no deadline yet.")
    due = next_deadline(bid.call, now=now)
    if due is None:
        return MISSING, _("The call closed on %(moment)s.") % {
            "moment": format_deadline(last, zone)
        }
    told = _("Due on %(moment)s: %(left)s left.") % {
        "moment": format_deadline(due, zone),
        "left": tell_span(due - now),
    }
    return WARNING if due - now <= _SHORT else DONE, told
