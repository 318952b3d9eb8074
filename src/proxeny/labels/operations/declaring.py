"""A juror answers, and says before the first look where they have a conflict of interest."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.models import Assignment, Juror, Round
from proxeny.labels.operations import jury_mails
from proxeny.labels.operations.abstaining import step_back
from proxeny.labels.operations.guards import lock_round
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
    """Accept or decline to judge in a round; a juror can step back later, with a reason.

    Side effects: stepping back frees unfinished applications; a mail to the managers of the own
    side; an audit row.

    Raises
    ------
    NotFound, Conflict
        The actor was not asked; they were taken out, or the partnership is over.
    InvalidInput
        The actor steps back without a reason.
    """
    own, held = _enter(actor, juror_id)
    juror, why = own.juror, why.strip()
    if juror.state == State.OUT:
        raise Conflict(_("You’re no longer on this jury. Ask the person who invited you."))
    if len(why) > MOST_WHY:
        raise InvalidInput(
            _("Enter no more than %(most)d characters.") % {"most": MOST_WHY}, field="why"
        )
    if juror.state == State.IN and takes_part:
        return juror
    if juror.state == State.IN and not why:
        raise InvalidInput(_("Explain in a few words why you’re stepping down."), field="why")
    juror.state, juror.why = (State.IN, "") if takes_part else (State.OUT, why)
    with as_service("Jurors answer for themselves, although only managers may write to the jury."):
        juror.save(update_fields=["state", "why"])
    if not takes_part:
        free_open(juror, why=_("Stepped down from the jury."))
    _note(actor, "join_jury" if takes_part else "leave_jury", juror, held)
    _tell_answer(actor, juror, held, takes_part, now)
    return juror


def _tell_answer(actor: Reader, juror: Juror, held: Round, takes_part: bool, now: datetime) -> None:
    names = {"name": actor.name, "label": held.scheme.title, "round": held.title}

    def write() -> tuple[str, str]:
        if takes_part:
            return (
                _("%(name)s has joined the jury of “%(label)s”") % names,
                _("%(name)s will judge in the round “%(round)s”.") % names,
            )
        return (
            _("%(name)s isn’t on the jury of “%(label)s”") % names,
            " ".join(
                filter(
                    None,
                    (
                        _("%(name)s won’t judge in the round “%(round)s”.") % names,
                        juror.why,
                    ),
                )
            ),
        )

    jury_mails.tell_managers(
        held,
        write,
        key=f"answer:{juror.pk}:{now:%Y%m%d%H%M%S}",
        now=now,
        side=juror.party_id,
        but=actor.person,
    )


@transaction.atomic
def declare(*, actor: Reader, juror_id: int, conflicts: Mapping[int, str], now: datetime) -> int:
    """Declare conflicts of interest with all applicants of a round.

    An own organisation always counts as one. A conflict found later takes the application away at
    once; a conflict can be taken back only as long as nothing is assigned.

    Parameters
    ----------
    conflicts : mapping
        Reasons by the id of the organisation; with all others there is none.

    Returns
    -------
    int
        The number of conflicts.

    Side effects: declaring implies taking part; with a conflict in an assigned application, a mail
    to the managers who have none there; an audit row without the reason.

    Raises
    ------
    NotFound, Conflict
        The actor was not asked, or is out; the applicants are not settled yet; a conflict is taken
        back after applications were assigned.
    InvalidInput
        A conflict without a reason, or with an organisation that does not apply in this round.
    """
    own, held = _enter(actor, juror_id)
    juror = own.juror
    if juror.state == State.OUT:
        raise Conflict(_("You’re no longer on this jury. Ask the person who invited you."))
    if not can_declare(held, now):
        raise Conflict(
            _("Applications are still open. You’ll see the applicants once the round has closed.")
        )
    applicants = list_applicants(actor, own, today=now.date())
    reasons = _reasons(applicants, conflicts)
    _refuse_taking_back(held, applicants, reasons)
    _write(actor, juror, applicants, reasons, now)
    lost = _lose(
        actor,
        held,
        [each for one in applicants if one.organisation_id in reasons for each in one.applications],
    )
    juror.state, juror.declared_at = State.IN, juror.declared_at or now
    with as_service("Jurors declare for themselves, although only managers may write to the jury."):
        juror.save(update_fields=["state", "declared_at"])
    _note(actor, "declare_jury", juror, held, count=len(reasons))
    if lost:
        _tell_lost(actor, held, lost, now)
    return len(reasons)


def _reasons(applicants: Iterable[Applicant], conflicts: Mapping[int, str]) -> dict[int, str]:
    """Return the reasons of all conflicts, those of the juror's own organisations among them."""
    known = {one.organisation_id: one for one in applicants}
    if not conflicts.keys() <= known.keys():
        raise InvalidInput(_("We couldn’t find this applicant in this round."))
    found: dict[int, str] = {}
    for number, one in known.items():
        if not one.is_own and number not in conflicts:
            continue
        reason = conflicts.get(number, "").strip() or (
            _("My own organisation.") if one.is_own else ""
        )
        if not reason:
            raise InvalidInput(
                _("Describe in a few words your conflict of interest with %(name)s.")
                % {"name": one.name},
                field=f"reason_{number}",
            )
        if len(reason) > MOST_REASON:
            raise InvalidInput(
                _("Enter no more than %(most)d characters.") % {"most": MOST_REASON},
                field=f"reason_{number}",
            )
        found[number] = reason
    return found


def _refuse_taking_back(
    held: Round, applicants: Iterable[Applicant], reasons: Mapping[int, str]
) -> None:
    back = [one for one in applicants if one.said and one.organisation_id not in reasons]
    with as_service("Others' assignments count as well, and a juror cannot see those."):
        has_begun = bool(back) and Assignment.objects.filter(round=held).exists()
    if has_begun:
        raise Conflict(
            _("Applications have already been assigned: the conflict with %(name)s stays declared.")
            % {"name": back[0].name}
        )


def _write(
    actor: Reader,
    juror: Juror,
    applicants: Iterable[Applicant],
    reasons: Mapping[int, str],
    now: datetime,
) -> None:
    """Write one row for each application whose declaration has changed."""
    rows = [
        Interest(
            partnership_id=juror.partnership_id,
            person_id=actor.person or 0,
            subject=APPLICATION,
            subject_id=number,
            conflicts=one.organisation_id in reasons,
            reason=reasons.get(one.organisation_id, ""),
            said_at=now,
        )
        for one in applicants
        if (one.said, one.reason)
        != (one.organisation_id in reasons, reasons.get(one.organisation_id, ""))
        for number in one.applications
    ]
    # A juror's seat opens no room, so that the policy lets them write nothing: it was looked at here
    # that they speak for themselves.
    with as_service("A juror's seat opens no room, but their own declaration is theirs to make."):
        Interest.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["person", "subject", "subject_id"],
            update_fields=["conflicts", "reason", "said_at"],
        )


def _lose(actor: Reader, held: Round, applications: Iterable[int]) -> list[Assignment]:
    """Take from the actor what they have a conflict in; what was decided on stays."""
    with as_service("The conflict just declared already hides these assignments from the juror."):
        found = list(
            Assignment.objects.filter(
                round=held,
                person_id=actor.person or 0,
                application_id__in=list(applications),
                frozen_at=None,
            ).exclude(state=Assignment.State.ABSTAINED)
        )
    for one in found:
        step_back(one, _("Conflict of interest."))
    return found


def _tell_lost(actor: Reader, held: Round, lost: list[Assignment], now: datetime) -> None:
    names = {"name": actor.name, "label": held.scheme.title, "count": len(lost)}

    def write() -> tuple[str, str]:
        return (
            _("A juror has declared a conflict of interest: %(label)s") % names,
            ngettext(
                "%(name)s no longer judges %(count)d application. Their place is free: have it "
                "filled automatically.",
                "%(name)s no longer judges %(count)d applications. Their places are free: have "
                "them filled automatically.",
                len(lost),
            )
            % names,
        )

    jury_mails.tell_managers(
        held,
        write,
        key=f"conflict:{lost[0].juror_id}:{now:%Y%m%d%H%M%S}",
        now=now,
        but=actor.person,
        about=[one.application_id for one in lost],
    )


def _enter(actor: Reader, juror_id: int) -> tuple[OwnJury, Round]:
    """Return the actor's own place in a jury, and its round, locked against its moving on."""
    own = read_own(actor, juror_id)
    held = lock_round(own.round.pk)
    if own.juror.partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. Its records stay as they are."))
    if held.dropped_at is not None:
        raise NotFound(_("You haven’t been invited to judge here."))
    return own, held


def _note(actor: Reader, verb: str, juror: Juror, held: Round, **changes: int) -> None:
    audit.record(
        actor,
        verb,
        juror,
        partnership_id=held.partnership_id,
        organisation_id=juror.party.organisation_id,
        changes={"title": held.title, **changes},
    )
