"""Readers of an application after an appeal: jurors of each cluster who have not read it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.engine.label import Application as Asked
from proxeny.engine.label import Impossible, Jury, assign_jury
from proxeny.engine.label import Juror as Reading
from proxeny.folding import fold
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import as_service
from proxeny.labels.models import Application, Assignment, Juror, Round, Submission
from proxeny.labels.queries.jury import barred_pairs
from proxeny.labels.queries.rounds import text_of_round
from proxeny.partnerships.models import Party

#: Jurors to whom an application can be given.
READY = Q(state=Juror.State.IN, declared_at__isnull=False)


@dataclass(frozen=True, slots=True)
class Readers:
    """The possible readers of an application after an appeal.

    Attributes
    ----------
    chosen : tuple of Juror
        As many readers as are missing, those whose fields fit best.
    why : str
        The reason why nobody is chosen, in a sentence; else empty.
    is_read : bool
        Whether as many as needed read it already.
    """

    chosen: tuple[Juror, ...] = ()
    why: str = ""
    is_read: bool = False

    @property
    def is_impossible(self) -> bool:
        """Whether no other juror is left, although it lacks one."""
        return bool(self.why) and not self.is_read


def find_readers(
    held: Round, parties: Iterable[Party], application: Application, *, now: datetime
) -> Readers:
    """Return new readers for an application: as many as are missing, none of the first ones.

    No one it was assigned to before, and no one with a conflict of interest. There is one of
    each cluster, unless the label asks for fewer jurors than it has clusters: then those whose
    fields fit best, of whichever cluster. Six queries, in the service role.
    """
    sides = [one for one in parties if one.state == Party.State.JOINED]
    with as_service("Conflicts of interest of jurors are checked for the caller."):
        given = Assignment.objects.filter(application=application)
        before = set(given.values_list("juror_id", flat=True))
        live = given.filter(is_appeal=True).exclude(state=Assignment.State.ABSTAINED)
        kept = set(live.values_list("juror_id", flat=True))
        # Every reader counts, also those who left the jury since.
        found = Juror.objects.filter(Q(pk__in=kept) | READY, round=held)
        jurors = list(found.select_related("person", "party__organisation").order_by("pk"))
        handed_in = Submission.objects.filter(application=application, withdrawn_at=None)
        submissions = list(handed_in.select_related("application"))
        conflicts, own = barred_pairs(jurors, submissions, today=now.date())
    barred = {juror for _application, juror in conflicts | own} | before
    free = [one for one in jurors if one.pk not in barred and one.person_id]
    per = text_of_round(held).per
    if len(kept) >= per:
        return Readers(why=_("Other jurors are already reading it."), is_read=True)
    there = [*free, *(one for one in jurors if one.pk in kept)]
    needed_of = sides_needed(sides, per)
    found_jury = assign_jury(
        Jury(
            applications=[Asked("a", frozenset(_topics(application)))],
            jurors=[
                Reading(str(one.pk), str(one.party_id), frozenset(one.topics)) for one in there
            ],
            per=per,
            sides=needed_of,
            kept={("a", str(one)) for one in kept},
        )
    )
    if isinstance(found_jury, Impossible):
        of = [one for one in sides if str(one.pk) in needed_of]
        return Readers(why=_too_few(of, there, free, per - len(kept)))
    chosen = {int(juror) for _application, juror in found_jury.pairs}
    return Readers(tuple(one for one in free if one.pk in chosen))


def sides_needed(sides: Sequence[Party], per: int) -> tuple[str, ...]:
    """Return the clusters of which each application needs a juror, as the engine knows them.

    With fewer jurors for each application than clusters, not all of them can be among them: then
    none has to be.
    """
    return tuple(str(one.pk) for one in sides) if len(sides) <= per else ()


def _topics(application: Application) -> list[str]:
    return [fold(one) for one in application.topics.split(",") if fold(one)]


def _too_few(
    sides: Sequence[Party], there: Sequence[Juror], free: Sequence[Juror], needed: int
) -> str:
    seen = {one.party_id for one in there}
    absent = [one.organisation.name for one in sides if one.pk not in seen]
    if absent:
        why = _(
            "No juror of %(names)s is left who hasn’t read it and has no conflict of interest."
        ) % {"names": join_items(absent)}
    else:
        why = ngettext(
            "%(needed)d more juror has to read it. Jurors left who haven’t read it and have no "
            "conflict of interest: %(free)d.",
            "%(needed)d more jurors have to read it. Jurors left who haven’t read it and have no "
            "conflict of interest: %(free)d.",
            needed,
        ) % {"needed": needed, "free": len(free)}
    how = _(
        "Invite another juror to the jury of the round, or answer the appeal without a second "
        "reading: in that case, the managers of all clusters decide."
    )
    return f"{why} {how}"
