"""A cluster leaves: its jurors step out of what is not decided. Awards stay, and can be checked."""

from datetime import datetime

from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.models import Juror, Round
from proxeny.labels.operations import jury_mails
from proxeny.labels.operations.entering import note
from proxeny.labels.operations.jury import MOST_WHY, free_open
from proxeny.partnerships.models import Partnership, Party


def leave_with_party(
    actor: Reader, partnership: Partnership, party: Party, why: str, now: datetime
) -> None:
    """Take the jurors of a cluster that leaves out of all rounds that are not decided.

    What they have scored in full stays and counts; what they have not is free for others, and the
    page of the jury says that their side has nobody. What was awarded stays as it was signed.
    """
    with as_service():
        found = Juror.objects.filter(party=party).exclude(state=Juror.State.OUT)
        own = list(
            found.exclude(round__state=Round.State.DECIDED)
            .select_related("round__scheme", "person").order_by("pk")
        )  # fmt: skip
        for one in own:
            one.state, one.why = Juror.State.OUT, why[:MOST_WHY]
            one.save(update_fields=["state", "why"])
    for one in own:
        free = free_open(one, why=why[:500])
        note(actor, "take_out_juror", one, partnership_id=partnership.pk,
             organisation_id=party.organisation_id,
             changes={"title": one.round.title, "count": free})  # fmt: skip
        jury_mails.tell_out(one, one.round, now=now)
