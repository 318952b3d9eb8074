"""Partner suggestions: a list made by a job, and people's choices on it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.directory import queries
from proxeny.directory.models import MatchChoice, MatchList, Organisation
from proxeny.directory.operations.ranking import Found, Market, get_own
from proxeny.directory.queries import matching as reads
from proxeny.kernel import audit
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader

Verdict = MatchChoice.Verdict


@transaction.atomic
def start_matching(*, actor: Reader, organisation_id: int, now: datetime) -> Job:
    """Have a list of partners made for an organisation, or return the job that makes it already.

    Side effects: a job; an audit row.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the organisation, or is neither of it nor of its cluster.
    """
    organisation = get_own(actor, organisation_id)
    MatchList.objects.get_or_create(organisation=organisation, person_id=actor.own_id)
    made = MatchList.objects.select_for_update().get(
        organisation=organisation, person_id=actor.own_id
    )
    job = reads.get_match_job(made)
    if job is not None and not job.is_over:
        return job
    job = enqueue(
        "directory.find-matches",
        actor=actor,
        arguments={"organisation_id": organisation_id},
        key=f"directory.find-matches:{made.pk}:{now.isoformat()}",
    )
    made.job_id = job.pk
    made.save(update_fields=["job_id"])
    audit.record(
        actor,
        "find_matches",
        organisation,
        organisation_id=organisation.steward_id or organisation.pk,
    )
    return job


@transaction.atomic
def store_matches(
    *, actor: Reader, organisation_id: int, market: Market, found: Found, now: datetime
) -> MatchList:
    """Keep a list that was made, in place of the earlier one."""
    made, _made = MatchList.objects.update_or_create(
        organisation_id=organisation_id,
        person_id=actor.own_id,
        defaults={
            "proposals": found.proposals,
            "gaps": found.gaps,
            "considered": market.considered,
            "basis": market.basis,
            "computed_at": now,
        },
    )
    return made


@transaction.atomic
def choose_match(
    *,
    actor: Reader,
    organisation_id: int,
    target_id: int,
    verdict: str,
    now: datetime,
    why: str = "",
) -> MatchChoice:
    """Record that an organisation wants to meet another, or does not, replacing an earlier choice.

    The other side is never told.

    Parameters
    ----------
    why : str
        One of `MatchChoice.Why`, for a refusal; may be empty.

    Side effects: an audit row; a refused organisation is not suggested to it again.

    Raises
    ------
    NotFound, NotAllowed
        One of the two is not seen, or the actor is neither of the organisation nor of its cluster.
    InvalidInput
        The organisation itself, or an unknown choice.
    """
    organisation = get_own(actor, organisation_id)
    target = queries.get_organisation(target_id)
    _refuse_bad(organisation, target, verdict, why)
    choice = MatchChoice(
        organisation=organisation,
        target=target,
        verdict=verdict,
        person_id=actor.own_id,
        why=why if verdict == Verdict.REFUSED else "",
        created_at=now,
    )
    MatchChoice.objects.bulk_create(
        [choice],
        update_conflicts=True,
        unique_fields=["organisation", "target"],
        update_fields=["verdict", "why", "person", "created_at"],
    )
    audit.record(
        actor,
        "choose_match",
        organisation,
        organisation_id=organisation.steward_id or organisation.pk,
        changes={"target": target.pk, "verdict": verdict},
    )
    return MatchChoice.objects.get(organisation=organisation, target=target)


@transaction.atomic
def clear_match(*, actor: Reader, organisation_id: int, target_id: int) -> bool:
    """Take a choice back; return whether there was one.

    Side effects: an audit row, if there was.

    Raises
    ------
    NotFound, NotAllowed
        As `choose_match`, but the other organisation may be hidden by now.
    """
    organisation = get_own(actor, organisation_id)
    found = MatchChoice.objects.filter(organisation=organisation, target_id=target_id)
    count, _each = found.delete()
    if count:
        audit.record(
            actor,
            "clear_match",
            organisation,
            organisation_id=organisation.steward_id or organisation.pk,
            changes={"target": target_id},
        )
    return bool(count)


def _refuse_bad(organisation: Organisation, target: Organisation, verdict: str, why: str) -> None:
    if organisation.pk == target.pk:
        raise InvalidInput(_("You can’t meet yourself."), field="target")
    if verdict not in Verdict.values:
        raise InvalidInput(_("Choose whether you want to meet them."), field="verdict")
    if why and why not in MatchChoice.Why.values:
        raise InvalidInput(_("Choose one of the reasons."), field="why")
