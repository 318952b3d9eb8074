"""Conditions for entering the next stage of a partnership, and those not met.

Each gate has its conditions; a missing one is explained in a sentence with the page where it can be
met. Figures of other packages (catch-ups held) are requested from them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.lists import join_items
from proxeny.partnerships.facts import Facts
from proxeny.partnerships.models import Partnership, Stage

#: A review is fresh for so long.
FRESH = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must be there: whether it is, what is missing, and where to put it right."""

    code: str
    label: str
    missing: str = ""
    url: str = ""

    @property
    def is_met(self) -> bool:
        """Whether it is met."""
        return not self.missing


def next_stages(partnership: Partnership) -> list[Stage]:
    """Return the stages that may follow a partnership's current one, the next one first.

    After the plan the way goes on, back to working together with new goals, or to the exit.
    """
    if partnership.state != Partnership.State.ACTIVE:
        return []
    now = Stage(partnership.stage)
    following = [one for one in Stage if one.place == now.place + 1 and one != Stage.EXIT]
    back = [Stage.WORKING] if now in {Stage.VALUE, Stage.STAYING} else []
    return [*following, *back, Stage.EXIT] if now != Stage.EXIT else []


def check_gate(facts: Facts, stage: Stage, *, today: date) -> list[Condition]:
    """Return the conditions of a stage with their state. No query: `facts` holds everything."""
    is_renewal = stage == Stage.WORKING and Stage(facts.stage).place > stage.place
    checks = _RENEWAL if is_renewal else GATES.get(stage, ())
    return [check(facts, today) for check in checks]


def is_open(conditions: Iterable[Condition]) -> bool:
    """Whether a gate is open: nothing is missing."""
    return all(one.is_met for one in conditions)


#: Says in an address that a form was opened from a gate's checklist, and leads back there.
FROM_GATE = "gate"

type _Check = Callable[[Facts, date], Condition]


def _at(facts: Facts, name: str, place: str = "") -> str:
    name = name if ":" in name else f"partnerships:{name}"
    return reverse(name, args=[facts.partnership_id]) + (place and f"#{place}")


def _to_add(facts: Facts, kind: str, **preset: str) -> str:
    """Return the form of a new record, which leads back to the checklist."""
    add = reverse("partnerships:record-add", args=[facts.partnership_id, kind])
    return f"{add}?{urlencode({**preset, FROM_GATE: 1})}"


def _agreement(facts: Facts, _today: date) -> Condition:
    missing = (
        ""
        if facts.agreement_signed
        else _("A new text of the agreement is waiting for signatures.")
    )
    return Condition(
        "agreement", _("The agreement is signed"), missing, _at(facts, "papers", "agreement")
    )


def _goals(facts: Facts, _today: date) -> Condition:
    missing = ""
    if not facts.objectives:
        missing = _("No objectives yet.")
    elif facts.unmeasured:
        missing = _("No figure shows when this is reached: %(names)s.") % {
            "names": join_items(facts.unmeasured)
        }
    url = _at(facts, "goals") if facts.objectives else _to_add(facts, "objective")
    return Condition("goals", _("Objectives with figures"), missing, url)


def _plan(facts: Facts, _today: date) -> Condition:
    missing = ""
    if not facts.activities:
        missing = _("The plan is empty.")
    elif not facts.milestones:
        missing = _("The plan has no milestone.")
    url = _at(facts, "plan") if facts.milestones else _to_add(facts, "activity", is_milestone="on")
    return Condition("plan", _("A plan with milestones"), missing, url)


def _people(facts: Facts, _today: date) -> Condition:
    missing = ""
    if facts.without_contact:
        missing = _("No contact is named for %(names)s.") % {
            "names": join_items(facts.without_contact)
        }
    elif facts.without_charge:
        missing = _("No one is in charge of anything at %(names)s.") % {
            "names": join_items(facts.without_charge)
        }
    elif facts.unowned:
        missing = _("No one is in charge of %(names)s.") % {"names": join_items(facts.unowned)}
    url = _at(facts, "stages", "people-h") if facts.without_contact else _at(facts, "plan")
    return Condition("people", _("People named for every side"), missing, url)


def _risks(facts: Facts, _today: date) -> Condition:
    missing = ""
    if not facts.risks:
        missing = _("No risks recorded yet. Every plan has some.")
    elif facts.untreated_risks:
        missing = _("Response, person in charge or review date is missing: %(names)s.") % {
            "names": join_items(facts.untreated_risks)
        }
    elif facts.unaccepted_risks:
        missing = _("Not accepted by all sides: %(names)s.") % {
            "names": join_items(facts.unaccepted_risks)
        }
    url = _at(facts, "risks") if facts.risks else _to_add(facts, "risk")
    return Condition("risks", _("Risks assessed and accepted"), missing, url)


def _money(facts: Facts, _today: date) -> Condition:
    missing = ""
    if facts.without_rate:
        missing = _("No exchange rate for %(names)s.") % {"names": join_items(facts.without_rate)}
    elif facts.unfunded:
        missing = _("Not fully funded: %(names)s.") % {"names": join_items(facts.unfunded)}
    url = _at(facts, "money", "rates" if facts.without_rate else "")
    return Condition("money", _("Known funding"), missing, url)


def _exit(facts: Facts, _today: date) -> Condition:
    missing = "" if facts.exit_signed else _("The exit plan isn’t signed by all sides.")
    url = _at(facts, "stages", "exit-h")
    if not facts.exit_asked:
        url = f"{_at(facts, 'exit-plan')}?{FROM_GATE}=1"
    return Condition("exit", _("An agreed exit"), missing, url)


def _rhythm(facts: Facts, _today: date) -> Condition:
    missing = "" if facts.has_rhythm else _("No catch-up frequency is agreed.")
    return Condition(
        "rhythm", _("An agreed catch-up frequency"), missing, _at(facts, "exchange", "rhythm")
    )


def _milestone(facts: Facts, _today: date) -> Condition:
    missing = "" if facts.milestones_done else _("No milestone has been reached yet.")
    return Condition("milestone", _("A first milestone reached"), missing, _at(facts, "plan"))


def _measured(facts: Facts, _today: date) -> Condition:
    missing = "" if facts.measured else _("No key result has been measured yet.")
    return Condition("measured", _("First figures"), missing, _at(facts, "goals"))


def _caught_up(facts: Facts, _today: date) -> Condition:
    missing = "" if facts.catch_ups_held else _("No catch-up has taken place yet.")
    # Meetings are a layer above; only their address is known here.
    return Condition("caught-up", _("A catch-up held"), missing, _at(facts, "meetings:catch-ups"))


def _review(facts: Facts, today: date) -> Condition:
    missing = ""
    if facts.reviewed_on is None or today - facts.reviewed_on > FRESH:
        missing = _("There has been no health review in the last year.")
    return Condition("review", _("A health review in the last year"), missing, _at(facts, "health"))


def _advice(facts: Facts, _today: date) -> Condition:
    missing = ""
    if facts.undecided:
        missing = ngettext(
            "%(count)d recommendation is waiting for a decision.",
            "%(count)d recommendations are waiting for a decision.",
            facts.undecided,
        ) % {"count": facts.undecided}
    return Condition("advice", _("Recommendations decided"), missing, _at(facts, "advice"))


def _renewed(facts: Facts, _today: date) -> Condition:
    missing = ""
    if not facts.renewed:
        missing = _("No new text of the agreement has been signed since this stage began.")
    return Condition(
        "renewed", _("A renewed agreement"), missing, _at(facts, "papers", "agreement")
    )


def _open_goals(facts: Facts, today: date) -> Condition:
    found = _goals(facts, today)
    missing = found.missing
    if not missing and not facts.open_objectives:
        missing = _("All objectives are closed. Write what comes next.")
    return Condition("goals", _("New objectives"), missing, found.url)


#: The conditions of each stage that has some.
GATES: dict[Stage, tuple[_Check, ...]] = {
    Stage.WORKING: (_agreement, _goals, _plan, _people, _risks, _money, _exit, _rhythm),
    Stage.VALUE: (_agreement, _milestone, _measured, _caught_up),
    Stage.STAYING: (_agreement, _review, _advice, _money),
    Stage.EXIT: (_exit,),
}
#: Back to working together with new goals.
_RENEWAL: tuple[_Check, ...] = (_review, _advice, _renewed, _open_goals, _risks, _money, _exit)
