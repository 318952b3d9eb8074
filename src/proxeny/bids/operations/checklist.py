"""What has to be there before a bid is submitted: whether it is, and where it is mended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from proxeny.bids.models import Bid, Partner
from proxeny.bids.operations.budgets import to_amount
from proxeny.bids.operations.standing import Standing
from proxeny.bids.operations.wording import fingerprint_of
from proxeny.calls.moments import tell_moment
from proxeny.calls.queries.watching import next_deadline
from proxeny.kernel.lists import join_items
from proxeny.partnerships.amounts import tell_amount

type State = Literal["done", "missing", "warning"]
DONE: State = "done"
MISSING: State = "missing"
WARNING: State = "warning"
#: What each item is called, in the order in which one mends them.
LABELS = {
    "sides": gettext_lazy("All sides go for it"),
    "partners": gettext_lazy("Every partner has agreed"),
    "coordinator": gettext_lazy("Somebody coordinates"),
    "conditions": gettext_lazy("The conditions are met"),
    "work": gettext_lazy("The work is led and staffed"),
    "budget": gettext_lazy("The budget holds"),
    "papers": gettext_lazy("The documents are there"),
    "signed": gettext_lazy("All partners have signed"),
    "deadline": gettext_lazy("There is time"),
}
#: Where each is mended: the name of a page, and the part of it.
_PARTS = {"sides": "decision", "conditions": "conditions", "signed": "signed"}
_PAGES = {
    "sides": "bids:bid", "partners": "bids:consortium", "coordinator": "bids:consortium",
    "conditions": "bids:bid", "work": "bids:plan", "budget": "bids:budget",
    "papers": "bids:papers", "signed": "bids:submission", "deadline": "",
}  # fmt: skip
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
    """One thing that has to be there.

    Attributes
    ----------
    code : str
        A key of `LABELS`.
    text : str
        How it stands, as a sentence.
    """

    code: str
    state: State
    text: str

    @property
    def label(self) -> str:
        """What it is called."""
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
    """Return each item for a bid that is still written. No query.

    Parameters
    ----------
    zone : str
        The reader's: the deadline is told by its clocks too.
    """
    found = {
        "sides": _sides(standing), "partners": _partners(standing),
        "coordinator": _coordinator(standing), "conditions": _conditions(standing),
        "work": _work(standing), "budget": _budget(standing), "papers": _papers(standing),
        "signed": _signed(standing), "deadline": _deadline(standing.bid, zone, now),
    }  # fmt: skip
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
        return MISSING, _("Does not go for it: %(names)s.") % {"names": names}
    if sides.silent:
        names = name_some([one.name for one in sides.silent])
        return MISSING, _("Has not said yet whether it goes for it: %(names)s.") % {"names": names}
    if sides.stops_without:
        return WARNING, _("All go for it. Nothing of it goes on without the grant: weigh that.")
    return DONE, _("All sides go for it.")


def _partners(standing: Standing) -> tuple[State, str]:
    if not standing.counted:
        return MISSING, _("No partner is noted yet.")
    asked = [one.name for one in standing.counted if one.state != Partner.State.IN]
    if asked:
        return MISSING, _("Has not agreed yet: %(names)s.") % {"names": name_some(asked)}
    bare = [one.name for one in standing.counted if one.pk not in standing.letters]
    if bare:
        return MISSING, _("No signed letter of intent: %(names)s.") % {"names": name_some(bare)}
    count = len(standing.counted)
    return DONE, ngettext(
        "%(count)d partner takes part and has signed its letter of intent.",
        "%(count)d partners take part and have signed their letters of intent.", count,
    ) % {"count": count}  # fmt: skip


def _coordinator(standing: Standing) -> tuple[State, str]:
    leads = next((one for one in standing.counted if one.leads), None)
    if leads is None:
        return MISSING, _("Nobody coordinates yet.")
    return DONE, _("%(name)s coordinates.") % {"name": leads.name}


def _conditions(standing: Standing) -> tuple[State, str]:
    state = standing.verdict.agreed.state
    if not state:
        return WARNING, _("No conditions are noted for this call: check them there.")
    if state == "met":
        return DONE, _("All are met by those who have agreed.")
    if state == "unknown":
        return WARNING, _("Nothing is broken, but some of it is not sure.")
    broken = [one for one in standing.verdict.agreed.told if one.state == "broken"]
    return MISSING, ngettext(
        "%(count)d condition is not met by those who have agreed.",
        "%(count)d conditions are not met by those who have agreed.", len(broken),
    ) % {"count": len(broken)}  # fmt: skip


def _work(standing: Standing) -> tuple[State, str]:
    found = [one.text for one in standing.problems if one.code in _OF_WORK]
    if found:
        return MISSING, _tell(found)
    return DONE, _("Every work package is led, and somebody works on it.")


def _budget(standing: Standing) -> tuple[State, str]:
    if not standing.budget.total.total:
        return MISSING, _("Nothing is budgeted yet.")
    found = [one.text for one in standing.problems if one.code not in _OF_WORK]
    if found:
        return MISSING, _tell(found)
    asked = tell_amount(to_amount(standing.budget.request), standing.bid.call.currency)
    return DONE, _("It adds up. All together ask for %(sum)s.") % {"sum": asked}


def _tell(sentences: Sequence[str]) -> str:
    """Return some sentences in a row; of many the first, and how many more."""
    more = len(sentences) - _TOLD
    rest = ngettext("%(count)d more of this.", "%(count)d more of these.", more) % {"count": more}
    return " ".join([*sentences[:_TOLD], *([rest] if more > 0 else [])])


def _papers(standing: Standing) -> tuple[State, str]:
    needed = [one for one in standing.papers if one.paper.is_required]
    absent = [one.paper.title for one in needed if one.is_missing]
    if absent:
        return MISSING, _("No version is there yet: %(names)s.") % {"names": name_some(absent)}
    if not needed:
        return WARNING, _("No document is marked as one that has to be there.")
    return DONE, ngettext(
        "%(count)d document that has to be there is.",
        "All %(count)d documents that have to be there are.", len(needed),
    ) % {"count": len(needed)}  # fmt: skip


def _signed(standing: Standing) -> tuple[State, str]:
    text = standing.text
    if text is None:
        return MISSING, _("It was not put before the partners yet.")
    if text.waits:
        names = name_some([one.name for one in text.unsigned])
        return MISSING, _("Has not signed yet: %(names)s.") % {"names": names}
    if text.refused_by:
        return MISSING, _("%(name)s has not signed. Put it before all again.") % {
            "name": text.refused_by
        }
    if not text.holds or not is_current(standing):
        return MISSING, _("It changed since it was signed. Put it before all again.")
    return DONE, _("All partners have signed the bid as it stands.")


def is_current(standing: Standing) -> bool:
    """Whether what was last put before the partners has the figures that stand now."""
    return standing.text is not None and fingerprint_of(standing) in standing.text.agreement.text


def _deadline(bid: Bid, zone: str, now: datetime) -> tuple[State, str]:
    last = last_deadline(bid)
    if last is None:
        return WARNING, _("The call has no deadline yet.")
    due = next_deadline(bid.call, now=now)
    if due is None:
        return MISSING, _("The call closed on %(moment)s.") % {"moment": tell_moment(last, zone)}
    told = _("Due on %(moment)s: %(left)s left.") % {
        "moment": tell_moment(due, zone),
        "left": timeuntil(due, now),
    }
    return WARNING if due - now <= _SHORT else DONE, told
