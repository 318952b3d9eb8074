"""Double opt-in: both sides are asked whether they want to meet, and only a yes of both counts."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.ambassadors.models import Introduction, Link, Side
from proxeny.ambassadors.operations import mails
from proxeny.ambassadors.operations.guards import (
    SETTLED,
    hold_case,
    lock_case,
    note_deed,
    other_side,
    refuse_ended,
    side,
    write_case,
)
from proxeny.ambassadors.operations.introductions import end_case
from proxeny.ambassadors.operations.links import make_link, using
from proxeny.ambassadors.queries.cases import mandates_of
from proxeny.ambassadors.queries.own import get_own_side
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import STRANGER, Reader, as_service

State, Role, Answer = Introduction.State, Side.Role, Side.Answer
_BOTH = (Role.MEMBER, Role.STAKEHOLDER)


@transaction.atomic
def ask_sides(
    *, actor: Reader, introduction_id: int, now: datetime, roles: Collection[str] = _BOTH
) -> Introduction:
    """Ask the two, or one of them first, whether they want to meet.

    A member with a valid mandate has agreed by it, and is only notified. A side that was asked
    before and has not answered gets a new link.

    Side effects: a mail with a link to each; an audit row.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        Not visible; of another desk; a side without an address; past asking.
    """
    case = lock_case(actor, introduction_id, State.NOTED, State.ASKING)
    asked = [side(case, role) for role in _BOTH if role in roles]
    if not asked:
        raise InvalidInput(_("Choose who to ask."), field="roles")
    for one in asked:
        if not mails.address_of(one):
            raise InvalidInput(
                _("%(name)s has no email address yet. Add a contact person first.")
                % {"name": one.organisation.name},
                field=f"{one.role}_email",
            )
    write_case(case, now, state=State.ASKING, asked_at=case.asked_at or now)
    note_deed(actor, "ask_sides", case, changes={"roles": sorted(one.role for one in asked)})
    mandates = mandates_of(case.member_id, case.partnership_id, today=now.date())
    for one in asked:
        if one.answer == Answer.YES:
            continue
        one.asked_at, one.reminded = now, 0
        if one.role == Role.MEMBER and mandates:
            _set_answer(one, Answer.YES, now=now)
            mails.tell_covered(case, one, now=now)
        else:
            _save(one, "asked_at", "reminded")
            mails.ask(
                case,
                one,
                purpose=Link.Purpose.WISH,
                url=make_link(one, Link.Purpose.WISH, now),
                now=now,
            )
    _settle(case, actor=actor, now=now)
    return case


@transaction.atomic
def answer_wish(
    *, actor: Reader, introduction_id: int, wants: bool, now: datetime, why: str = ""
) -> Introduction:
    """Record for an organisation whether it wants to meet.

    Side effects, errors: as `answer_wish_by_link`; `NotAllowed` for people of neither side.
    """
    own = get_own_side(actor, introduction_id)
    case = hold_case(introduction_id, State.ASKING)
    _take(case, side(case, own.role), wants=wants, why=why, actor=actor, now=now)
    return case


@transaction.atomic
def answer_wish_by_link(
    *, token: str, wants: bool, now: datetime, why: str = "", may_pass_on: bool | None = None
) -> Introduction:
    """Record by the link in a mail whether its holder wants to meet.

    The answer may be changed until the other side has answered, too.

    Side effects: an audit row; a receipt to the address the link was sent to; a mail to the desk;
    once both have accepted, the desk is asked to find a time; a no closes the case.

    Raises
    ------
    NotFound, Conflict
        No such link, or not for this; it was closed or agreed in the meantime.
    """
    with using(token, Link.Purpose.WISH, now=now) as opened:
        if opened.case.state != State.ASKING:
            raise Conflict(SETTLED)
        if may_pass_on is not None:
            opened.side.may_pass_on = may_pass_on
            _save(opened.side, "may_pass_on")
        _take(opened.case, opened.side, wants=wants, why=why, actor=STRANGER, now=now)
        return opened.case


@transaction.atomic
def note_answer(
    *, actor: Reader, introduction_id: int, role: str, wants: bool, why: str, now: datetime
) -> Introduction:
    """Record the answer of a side given by phone or in person.

    Side effects: an audit row with the person who recorded it, and the evidence for it.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        Not visible; of another desk; no such side, or no date and manner given; past asking.
    """
    case = lock_case(actor, introduction_id, State.NOTED, State.ASKING)
    if role not in Role.values:
        raise InvalidInput(_("Choose one of the two."), field="role")
    why = why.strip()[:1000]
    if not why:
        raise InvalidInput(_("Explain when and how they told you."), field="why")
    if case.state == State.NOTED:
        write_case(case, now, state=State.ASKING, asked_at=now)
    _take(case, side(case, role), wants=wants, why=why, actor=actor, now=now, is_noted=True)
    return case


def _take(
    case: Introduction,
    one: Side,
    *,
    wants: bool,
    why: str,
    actor: Reader,
    now: datetime,
    is_noted: bool = False,
) -> None:
    refuse_ended(case)
    answer = Answer.YES if wants else Answer.NO
    if one.answer == answer:
        if why.strip() and not is_noted:
            one.why = why.strip()[:1000]
            _save(one, "why")
        return
    one.why = "" if is_noted else why.strip()[:1000]
    before = one.answer
    _set_answer(one, answer, now=now)
    note_deed(
        actor,
        "note_answer" if is_noted else "answer_wish",
        case,
        changes={one.role: [before, answer]},
        why=why.strip()[:1000],
    )
    if not is_noted:
        both = wants and other_side(case, one).answer == Answer.YES
        mails.confirm(case, one, kind="both" if both else "yes" if wants else "no", now=now)
    if not wants:
        by = Introduction.Closed(one.role)
        if not is_noted:
            mails.tell_desk(case, one, kind="no", now=now, word=one.why)
        end_case(case, actor=actor, by=by, why=why.strip()[:1000], now=now, told=one)
        return
    if not is_noted and other_side(case, one).answer != Answer.YES:
        mails.tell_desk(case, one, kind="yes", now=now)
    _settle(case, actor=actor, now=now)


def _set_answer(one: Side, answer: str, *, now: datetime) -> None:
    one.answer, one.answered_at = answer, now
    _save(one, "answer", "answered_at", "asked_at", "why", "reminded")


def _save(one: Side, *fields: str) -> None:
    with as_service("A side says whether it wants to meet, but only the desk may write its row."):
        one.save(update_fields=list(fields))


def _settle(case: Introduction, *, actor: Reader, now: datetime) -> None:
    """Go on to finding a time once both have said yes."""
    if case.state != State.ASKING or any(one.answer != Answer.YES for one in case.sides.all()):
        return
    write_case(case, now, state=State.FINDING, agreed_at=now)
    note_deed(actor, "agree_introduction", case, changes={"state": [State.ASKING, State.FINDING]})
    mails.tell_desk(case, None, kind="both", now=now)
