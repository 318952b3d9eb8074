"""Suggestions as pages and programs tell them: who, and why, as things stand today."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from proxeny.directory.queries.matching import published_by_id
from proxeny.directory.reasons import Said, Told, listing_ids, tell_reasons
from proxeny.events.models import Participation
from proxeny.events.queries.suggestions import last_suggestions, suggested_of
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One participant worth asking, and why."""

    participation: Participation
    told: Told


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The list that was made last at a reader's wish, and the job that makes or made it."""

    job: Job | None
    rows: list[Suggestion]

    @property
    def is_at_work(self) -> bool:
        """Whether it is being made."""
        return self.job is not None and not self.job.is_over

    @property
    def is_made(self) -> bool:
        """Whether there is one."""
        return self.job is not None and self.job.state == Job.State.DONE

    @property
    def has_failed(self) -> bool:
        """Whether it could not be made."""
        return self.job is not None and self.job.state == Job.State.FAILED


def find_suggestions(reader: Reader, participation: Participation) -> Suggestions:
    """Return what was suggested last to a participant at a reader's wish. Six queries."""
    job = last_suggestions(reader, participation.pk)
    kept = {
        one["target"]: one["reasons"] for one in (job.result if job else {}).get("proposals", ())
    }
    others = suggested_of(participation, kept)
    reasons = [reason for one in others for reason in kept[one.pk]]
    texts: dict[int, Any] = {
        **published_by_id(listing_ids(reasons)),
        **_pitches(participation, others),
    }
    return Suggestions(
        job, [Suggestion(one, tell_reasons(kept[one.pk], listings=texts)) for one in others]
    )


def _pitches(own: Participation, others: list[Participation]) -> Mapping[int, Said]:
    """Return what participants look for as texts that a reason may name."""
    return {-one.pk: Said(-one.pk, one.pitch) for one in (own, *others) if one.pitch}
