"""Reading suggestions: whom a participant may still ask, and the list that was made last."""

from collections.abc import Iterable

from proxeny.events.models import Participation
from proxeny.events.queries.requests import counterparts_of
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader


def askable_of(participation: Participation) -> list[Participation]:
    """Return whom a participant may ask for and has not marked yet. Three queries."""
    found = counterparts_of(participation, marked="no").filter(may_ask=True)
    return list(found.prefetch_related(None))


def last_suggestions(reader: Reader, participation_id: int) -> Job | None:
    """Return the job that last made suggestions for a participant at the reader's wish."""
    jobs = Job.objects.filter(
        kind="events.suggest", person_id=reader.person, arguments__participation=participation_id
    )
    return jobs.order_by("-pk").first()


def suggested_of(participation: Participation, target_ids: Iterable[int]) -> list[Participation]:
    """Return suggested participants as `counterparts_of` does, in the order of the ids.

    Who does not take part any more, or may not be asked, is left out.
    """
    ids = list(target_ids)
    found = {one.pk: one for one in counterparts_of(participation).filter(pk__in=ids, may_ask=True)}
    return [found[pk] for pk in ids if pk in found]
