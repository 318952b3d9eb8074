"""Queries on suggestions: the candidates of a participant, and the latest list."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from proxeny.events.models import Participation
from proxeny.events.queries.requests import counterparts_of
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader


def askable_of(participation: Participation) -> list[Participation]:
    """Return participants that one may ask for and has not marked yet. Three queries."""
    found: QuerySet[Any] = counterparts_of(participation, marked="no")
    return list(found.filter(may_ask=True).prefetch_related(None))


def last_suggestions(reader: Reader, participation_id: int) -> Job | None:
    """Return the job that last made suggestions for a participant at the reader's wish."""
    jobs = Job.objects.filter(
        kind="events.suggest", person_id=reader.person, arguments__participation=participation_id
    )
    return jobs.order_by("-pk").first()


def suggested_of(participation: Participation, target_ids: Iterable[int]) -> list[Participation]:
    """Return suggested participants as `counterparts_of` does, in the order of the ids.

    Participants that have withdrawn, or may not be asked, are left out.
    """
    ids = list(target_ids)
    listed: QuerySet[Any] = counterparts_of(participation)
    found = {one.pk: one for one in listed.filter(pk__in=ids, may_ask=True)}
    return [found[pk] for pk in ids if pk in found]
