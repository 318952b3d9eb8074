"""What must be there before a partnership enters its next stage, and what is missing.

Each gate has its conditions; what is missing is told in a sentence with the place where it is put
right. Figures that other capabilities know (catch-ups held) are asked of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

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
        """Whether nothing is missing."""
        return not self.missing


def next_stages(partnership: Partnership) -> list[Stage]:
    """Return the stages that may be entered from where a partnership stands, the next one first.

    After the plan the way goes on, back to working together with new goals, or to the exit.
    """
    if partnership.state != Partnership.State.ACTIVE:
        return []
    now = Stage(partnership.stage)
    following = [one for one in Stage if one.place == now.place + 1 and one != Stage.EXIT]
    back = [Stage.WORKING] if now in {Stage.VALUE, Stage.STAYING} else []
    return [*following, *back, Stage.EXIT] if now != Stage.EXIT else []


def check_gate(facts: Facts, stage: Stage, *, today: date) -> list[Condition]:
    """Return the conditions of a stage as they stand. No query: `facts` holds all."""
    is_renewal = stage == Stage.WORKING and Stage(facts.stage).place > stage.place
    checks = _RENEWAL if is_renewal else _GATES.get(stage, ())
    return [check(facts, today) for check in checks]


def is_open(conditions: Iterable[Condition]) -> bool:
    """Whether a gate is open: nothing is missing."""
    return all(one.is_met for one in conditions)


type _Check = Callable[[Facts, date], Condition]


def _at(facts: Facts, name: str) -> str:
    return reverse(f"partnerships:{name}", args=[facts.partnership_id])


def _agreement(facts: Facts, _today: date) -> Condition:
    missing = (
        "" if facts.agreement_signed else _("A new text of the agreement waits for signatures.")
    )
    return Condition("agreement", _("The agreement is signed"), missing, _at(facts, "detail"))


def _goals(facts: Facts, _today: date) -> Condition:
    missing = ""
    if not facts.objectives:
        missing = _("No objective is written yet.")
    elif facts.unmeasured:
        missing = _("No figure says when this is reached: %(names)s.") % {
            "names": join_items(facts.unmeasured)
        }
    return Condition("goals", _("Objectives with figures"), missing, _at(facts, "goals"))


def _plan(facts: Facts, _today: date) -> Condition:
    missing = ""
    if not facts.activities:
        missing = _("The plan is empty.")
    elif not facts.milestones:
        missing = _("The plan has no milestone.")
    return Condition("plan", _("A plan with milestones"), missing, _at(facts, "plan"))


def _people(facts: Facts, _today: date) -> Condition:
    missing = ""
    if facts.without_contact:
        missing = _("Nobody is named who speaks for %(names)s.") % {
            "names": join_items(facts.without_contact)
        }
    elif facts.without_charge:
        missing = _("Nobody is in charge of anything for %(names)s.") % {
            "names": join_items(facts.without_charge)
        }
    elif facts.unowned:
        missing = _("Nobody is in charge of %(names)s.") % {"names": join_items(facts.unowned)}
    return Condition("people", _("People named on both sides"), missing, _at(facts, "plan"))


def _risks(facts: Facts, _today: date) -> Condition:
    missing = ""
    if not facts.risks:
        missing = _("No risk is noted yet. Every plan has some.")
    elif facts.untreated_risks:
        missing = _("Response, person in charge or day of review is missing: %(names)s.") % {
            "names": join_items(facts.untreated_risks)
        }
    elif facts.unaccepted_risks:
        missing = _("Not accepted by all sides: %(names)s.") % {
            "names": join_items(facts.unaccepted_risks)
        }
    return Condition("risks", _("Risks weighed and accepted"), missing, _at(facts, "risks"))


def _money(facts: Facts, _today: date) -> Condition:
    missing = ""
    if facts.without_rate:
        missing = _("No exchange rate for %(names)s.") % {"names": join_items(facts.without_rate)}
    elif facts.unfunded:
        missing = _("Not paid for in full: %(names)s.") % {"names": join_items(facts.unfunded)}
    return Condition("money", _("Money known"), missing, _at(facts, "money"))


def _exit(facts: Facts, _today: date) -> Condition:
    missing = "" if facts.exit_signed else _("The plan for the exit is not signed by all sides.")
    return Condition("exit", _("The exit agreed"), missing, _at(facts, "exit-plan"))


def _rhythm(facts: Facts, _today: date) -> Condition:
    missing = "" if facts.has_rhythm else _("No rhythm of catch-ups is agreed.")
    return Condition("rhythm", _("A rhythm of catch-ups"), missing, _at(facts, "exchange"))


def _milestone(facts: Facts, _today: date) -> Condition:
    missing = "" if facts.milestones_done else _("No milestone is reached yet.")
    return Condition("milestone", _("A first milestone reached"), missing, _at(facts, "plan"))


def _measured(facts: Facts, _today: date) -> Condition:
    missing = "" if facts.measured else _("No key result has been measured yet.")
    return Condition("measured", _("First figures"), missing, _at(facts, "goals"))


def _caught_up(facts: Facts, _today: date) -> Condition:
    missing = "" if facts.catch_ups_held else _("No catch-up has taken place yet.")
    return Condition("caught-up", _("A catch-up held"), missing, _at(facts, "exchange"))


def _review(facts: Facts, today: date) -> Condition:
    missing = ""
    if facts.reviewed_on is None or today - facts.reviewed_on > FRESH:
        missing = _("There was no health review within the last year.")
    return Condition("review", _("A health review of the last year"), missing, _at(facts, "health"))


def _advice(facts: Facts, _today: date) -> Condition:
    missing = ""
    if facts.undecided:
        missing = ngettext(
            "%(count)d recommendation waits for a decision.",
            "%(count)d recommendations wait for a decision.",
            facts.undecided,
        ) % {"count": facts.undecided}
    return Condition("advice", _("Recommendations decided"), missing, _at(facts, "advice"))


def _renewed(facts: Facts, _today: date) -> Condition:
    missing = ""
    if not facts.renewed:
        missing = _("No new text of the agreement was signed since this stage began.")
    return Condition("renewed", _("The agreement renewed"), missing, _at(facts, "detail"))


def _open_goals(facts: Facts, today: date) -> Condition:
    found = _goals(facts, today)
    missing = found.missing
    if not missing and not facts.open_objectives:
        missing = _("All objectives are closed. Write what comes next.")
    return Condition("goals", _("New objectives"), missing, found.url)


_GATES: dict[Stage, tuple[_Check, ...]] = {
    Stage.WORKING: (_agreement, _goals, _plan, _people, _risks, _money, _exit, _rhythm),
    Stage.VALUE: (_agreement, _milestone, _measured, _caught_up),
    Stage.STAYING: (_agreement, _review, _advice, _money),
    Stage.EXIT: (_exit,),
}
#: Back to working together with new goals.
_RENEWAL: tuple[_Check, ...] = (_review, _advice, _renewed, _open_goals, _risks, _money, _exit)
