"""A cluster leaves, or all part: what is not decided ends. Awards stay, and can be checked."""

from datetime import datetime

from proxeny.kernel import audit
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.models import Application, Juror, Round
from proxeny.labels.operations import jury_mails, life_mails
from proxeny.labels.operations.jury import MOST_WHY, free_open
from proxeny.partnerships.models import Partnership, Party


def leave_with_party(
    actor: Reader, partnership: Partnership, party: Party, why: str, now: datetime
) -> None:
    """Take the jurors of a cluster that leaves out of all rounds that are not decided.

    What they have scored in full stays and counts; what they have not is free for others, and the
    page of the jury says that their side has nobody. What was awarded stays as it was signed.
    """
    with as_service("The cluster has left by now, so its manager has no more say in the room."):
        found = Juror.objects.filter(party=party).exclude(state=Juror.State.OUT)
        own = list(
            found.exclude(round__state=Round.State.DECIDED)
            .select_related("round__scheme", "person")
            .order_by("pk")
        )
        for one in own:
            one.state, one.why = Juror.State.OUT, why[:MOST_WHY]
            one.save(update_fields=["state", "why"])
    for one in own:
        free = free_open(one, why=why[:500])
        audit.record(
            actor,
            "take_out_juror",
            one,
            partnership_id=partnership.pk,
            organisation_id=party.organisation_id,
            changes={"title": one.round.title, "count": free},
        )
        jury_mails.tell_out(one, one.round, now=now)


def end_with_partnership(partnership: Partnership, now: datetime) -> None:
    """Close rounds under way to applications, and tell applicants that there will be no decision.

    A round that has not opened yet is archived. Drafts and submissions are kept.
    """
    with as_service("Managers cannot see drafts, but their authors have to be told as well."):
        rounds = Round.objects.filter(
            partnership=partnership, dropped_at=None, published_at__isnull=False
        ).exclude(state=Round.State.DECIDED)
        told = list(
            Application.objects.filter(
                round__in=rounds, state__in=(Application.State.DRAFT, Application.State.SUBMITTED)
            )
            .select_related("round", "scheme_version", "person")
            .order_by("pk")
        )
        ahead = rounds.filter(state=Round.State.OPEN, closes_at__gt=now)
        ahead.filter(opens_at__gte=now).update(dropped_at=now)
        ahead.filter(opens_at__lt=now).update(closes_at=now)
    for one in told:
        life_mails.tell_undecided(one)
