"""A juror answers, and says before the first look where they have a conflict of interest."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.models import Assignment, Juror, Round
from proxeny.labels.operations import jury_mails
from proxeny.labels.operations.abstaining import step_back
from proxeny.labels.operations.entering import lock_round, note
from proxeny.labels.operations.jury import can_declare, free_open
from proxeny.labels.queries.jury import APPLICATION
from proxeny.labels.queries.own_jury import Applicant, OwnJury, list_applicants, read_own
from proxeny.partnerships.models import Interest, Partnership

State = Juror.State
MOST_WHY, MOST_REASON = 300, 500


@transaction.atomic
def answer_invitation(
    *, actor: Reader, juror_id: int, takes_part: bool, why: str = "", now: datetime
) -> Juror:
    """Say whether one judges in a round; who takes part can step back later, with a reason.

    Side effects: who steps back frees what they have not finished; a mail to the managers of the
    own side; an audit row.

    Raises
    ------
    NotFound, Conflict
        The actor was not asked; they were taken out, or the partnership is over.
    InvalidInput
        Somebody steps back without a reason.
    """
    own, held = _enter(actor, juror_id)
    juror, why = own.juror, why.strip()
    if juror.state == State.OUT:
        raise Conflict(_("You are not in this jury any more. Ask whoever invited you."))
    if len(why) > MOST_WHY:
        raise InvalidInput(
            _("Please write no more than %(most)d letters.") % {"most": MOST_WHY}, field="why"
        )
    if juror.state == State.IN and takes_part:
        return juror
    if juror.state == State.IN and not why:
        raise InvalidInput(_("Say in a few words why you step back."), field="why")
    juror.state, juror.why = (State.IN, "") if takes_part else (State.OUT, why)
    with as_service():
        juror.save(update_fields=["state", "why"])
    if not takes_part:
        free_open(juror, why=_("Has stepped back from the jury."))
    _note(actor, "join_jury" if takes_part else "leave_jury", juror, held)
    _tell_answer(actor, juror, held, takes_part, now)
    return juror


def _tell_answer(actor: Reader, juror: Juror, held: Round, takes_part: bool, now: datetime) -> None:
    names = {"name": actor.name, "label": held.scheme.title, "round": held.title}

    def write() -> tuple[str, str]:
        if takes_part:
            return (
                _("%(name)s is in the jury of “%(label)s”") % names,
                _("%(name)s judges in the round “%(round)s”.") % names,
            )
        return (
            _("%(name)s is not in the jury of “%(label)s”") % names,
            " ".join(filter(None, (
                _("%(name)s does not judge in the round “%(round)s”.") % names, juror.why,
            ))),
        )  # fmt: skip

    jury_mails.tell_managers(
        held, write, key=f"answer:{juror.pk}:{now:%Y%m%d%H%M%S}", now=now, side=juror.party_id,
        but=actor.person,
    )  # fmt: skip


@transaction.atomic
def declare(*, actor: Reader, juror_id: int, conflicts: Mapping[int, str], now: datetime) -> int:
    """Say of all who apply in a round whether one has a conflict of interest with them.

    An organisation of one's own is one, whatever is said. Who finds a conflict later loses the
    application at once; a conflict is taken back only as long as nothing is assigned.

    Parameters
    ----------
    conflicts : mapping
        Reasons by the number of the organisation; with all others there is none.

    Returns
    -------
    int
        With how many there is one.

    Side effects: who declares takes part; with a conflict in what was theirs, a mail to the managers
    who have none there; an audit row that tells no reason.

    Raises
    ------
    NotFound, Conflict
        The actor was not asked, or is out; it is not settled yet who applies; a conflict is taken
        back after applications were assigned.
    InvalidInput
        A conflict without a reason, or with somebody who does not apply in this round.
    """
    own, held = _enter(actor, juror_id)
    juror = own.juror
    if juror.state == State.OUT:
        raise Conflict(_("You are not in this jury any more. Ask whoever invited you."))
    if not can_declare(held, now):
        raise Conflict(_("One can still apply. You see who does once the round has closed."))
    applicants = list_applicants(actor, own, today=now.date())
    reasons = _reasons(applicants, conflicts)
    _refuse_taking_back(held, applicants, reasons)
    _write(actor, juror, applicants, reasons, now)
    lost = _lose(
        actor, held,
        [each for one in applicants if one.organisation_id in reasons for each in one.applications],
    )  # fmt: skip
    juror.state, juror.declared_at = State.IN, juror.declared_at or now
    with as_service():
        juror.save(update_fields=["state", "declared_at"])
    _note(actor, "declare_jury", juror, held, count=len(reasons))
    if lost:
        _tell_lost(actor, held, lost, now)
    return len(reasons)


def _reasons(applicants: Iterable[Applicant], conflicts: Mapping[int, str]) -> dict[int, str]:
    """Return the reasons of all conflicts, those of one's own organisations among them."""
    known = {one.organisation_id: one for one in applicants}
    if not conflicts.keys() <= known.keys():
        raise InvalidInput(_("There is no such applicant in this round."))
    found: dict[int, str] = {}
    for number, one in known.items():
        if not one.is_own and number not in conflicts:
            continue
        reason = conflicts.get(number, "").strip() or (
            _("My own organisation.") if one.is_own else ""
        )
        if not reason:
            raise InvalidInput(
                _("Say in a few words what the conflict with %(name)s is.") % {"name": one.name},
                field=f"reason_{number}",
            )
        if len(reason) > MOST_REASON:
            raise InvalidInput(
                _("Please write no more than %(most)d letters.") % {"most": MOST_REASON},
                field=f"reason_{number}",
            )
        found[number] = reason
    return found


def _refuse_taking_back(
    held: Round, applicants: Iterable[Applicant], reasons: Mapping[int, str]
) -> None:
    back = [one for one in applicants if one.said and one.organisation_id not in reasons]
    with as_service():
        has_begun = bool(back) and Assignment.objects.filter(round=held).exists()
    if has_begun:
        raise Conflict(
            _("Applications are assigned by now: the conflict with %(name)s stays declared.")
            % {"name": back[0].name}
        )


def _write(
    actor: Reader, juror: Juror, applicants: Iterable[Applicant], reasons: Mapping[int, str],
    now: datetime,
) -> None:  # fmt: skip
    """Write one row for each application of those of whom something else is said than before."""
    rows = [
        Interest(
            partnership_id=juror.partnership_id, person_id=actor.person or 0, subject=APPLICATION,
            subject_id=number, conflicts=one.organisation_id in reasons,
            reason=reasons.get(one.organisation_id, ""), said_at=now,
        )
        for one in applicants
        if (one.said, one.reason)
        != (one.organisation_id in reasons, reasons.get(one.organisation_id, ""))
        for number in one.applications
    ]  # fmt: skip
    # A juror's seat opens no room, so that the policy lets them write nothing: it was looked at here
    # that they speak for themselves.
    with as_service():
        Interest.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["person", "subject", "subject_id"],
            update_fields=["conflicts", "reason", "said_at"],
        )  # fmt: skip


def _lose(actor: Reader, held: Round, applications: Iterable[int]) -> list[Assignment]:
    """Take from the actor what they have a conflict in; what was decided on stays."""
    with as_service():
        found = list(
            Assignment.objects.filter(
                round=held, person_id=actor.person or 0, application_id__in=list(applications), frozen_at=None,
            ).exclude(state=Assignment.State.ABSTAINED)
        )  # fmt: skip
    for one in found:
        step_back(one, _("A conflict of interest."))
    return found


def _tell_lost(actor: Reader, held: Round, lost: list[Assignment], now: datetime) -> None:
    names = {"name": actor.name, "label": held.scheme.title, "count": len(lost)}

    def write() -> tuple[str, str]:
        return (
            _("A juror has found a conflict of interest: %(label)s") % names,
            ngettext(
                "%(name)s does not judge %(count)d application any more. Its place is free: let the"
                " jury be completed.",
                "%(name)s does not judge %(count)d applications any more. Their places are free: let"
                " the jury be completed.",
                len(lost),
            ) % names,
        )  # fmt: skip

    jury_mails.tell_managers(
        held, write, key=f"conflict:{lost[0].juror_id}:{now:%Y%m%d%H%M%S}", now=now,
        but=actor.person, about=[one.application_id for one in lost],
    )  # fmt: skip


def _enter(actor: Reader, juror_id: int) -> tuple[OwnJury, Round]:
    """Return the actor's own place in a jury, and its round, locked against its moving on."""
    own = read_own(actor, juror_id)
    held = lock_round(own.round.pk)
    if own.juror.partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. What it keeps stays as it is."))
    if held.dropped_at is not None:
        raise NotFound(_("You are not asked to judge here."))
    return own, held


def _note(actor: Reader, verb: str, juror: Juror, held: Round, **changes: int) -> None:
    note(
        actor, verb, juror, partnership_id=held.partnership_id,
        organisation_id=juror.party.organisation_id, changes={"title": held.title, **changes},
    )  # fmt: skip
