"""Who reads an application anew after an appeal: jurors of each cluster who have not read it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from proxeny.engine.label import Application as Asked
from proxeny.engine.label import Impossible, Jury, assign_jury
from proxeny.engine.label import Juror as Reading
from proxeny.folding import fold
from proxeny.kernel.errors import Conflict
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import as_service
from proxeny.labels.models import Application, Assignment, Juror, Round, Submission
from proxeny.labels.queries.jury import barred_pairs
from proxeny.labels.queries.rounds import text_of_round
from proxeny.partnerships.models import Party


def choose_readers(
    held: Round, parties: Iterable[Party], application: Application, *, now: datetime
) -> list[Juror]:
    """Return who is to read an application anew: as many as are missing, of each cluster.

    Nobody who was given it before, nobody with a conflict of interest; whose fields fit best.

    Raises
    ------
    Conflict
        There are not enough of them; it says of which cluster.
    """
    sides = [one for one in parties if one.state == Party.State.JOINED]
    with as_service():
        found = Juror.objects.filter(round=held, state=Juror.State.IN, declared_at__isnull=False)
        jurors = list(found.select_related("person", "party__organisation").order_by("pk"))
        given = Assignment.objects.filter(application=application)
        before = set(given.values_list("juror_id", flat=True))
        live = given.filter(is_appeal=True).exclude(state=Assignment.State.ABSTAINED)
        kept = set(live.values_list("juror_id", flat=True))
        handed_in = Submission.objects.filter(application=application, withdrawn_at=None)
        submissions = list(handed_in.select_related("application"))
        conflicts, own = barred_pairs(jurors, submissions, today=now.date())
    barred = {juror for _application, juror in conflicts | own} | before
    free = [one for one in jurors if one.pk not in barred and one.person_id]
    per = text_of_round(held).per
    if len(kept) >= per:
        raise Conflict(_("Other jurors read it already."))
    there = [*free, *(one for one in jurors if one.pk in kept)]
    found_jury = assign_jury(
        Jury(
            applications=[Asked("a", frozenset(_topics(application)))],
            jurors=[
                Reading(str(one.pk), str(one.party_id), frozenset(one.topics)) for one in there
            ],
            per=per, sides=[str(one.pk) for one in sides], kept={("a", str(one)) for one in kept},
        )
    )  # fmt: skip
    if isinstance(found_jury, Impossible):
        raise Conflict(_too_few(sides, there, free, per - len(kept)))
    chosen = {int(juror) for _application, juror in found_jury.pairs}
    return [one for one in free if one.pk in chosen]


def _topics(application: Application) -> list[str]:
    return [fold(one) for one in application.topics.split(",") if fold(one)]


def _too_few(
    sides: Sequence[Party], there: Sequence[Juror], free: Sequence[Juror], needed: int
) -> str:
    seen = {one.party_id for one in there}
    absent = [one.organisation.name for one in sides if one.pk not in seen]
    if absent:
        return _("No juror of %(names)s is left who has not read it and has no conflict of interest."
                 " Ask another one into the jury.") % {"names": join_items(absent)}  # fmt: skip
    return _("%(needed)d more jurors are to read it, and only %(free)d are left who have not read it"
             " and have no conflict of interest. Ask others into the jury.") % {
        "needed": needed, "free": len(free),
    }  # fmt: skip
