"""Suggestions as pages and programs show them: people and reasons, as of today."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from proxeny.directory.quoting import Said
from proxeny.directory.reasons import Told, know, tell_reasons
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
        """Whether there is a finished list."""
        return self.job is not None and self.job.state == Job.State.DONE

    @property
    def has_failed(self) -> bool:
        """Whether making it has failed."""
        return self.job is not None and self.job.state == Job.State.FAILED


def find_suggestions(reader: Reader, participation: Participation) -> Suggestions:
    """Return what was suggested last to a participant at a reader's wish. Six queries."""
    job = last_suggestions(reader, participation.pk)
    kept = {
        one["target"]: one["reasons"] for one in (job.result if job else {}).get("proposals", ())
    }
    others = suggested_of(participation, kept)
    known = know(
        [one.organisation for one in (participation, *others)],
        [reason for one in others for reason in kept[one.pk]],
        today=timezone.localdate(),
        more=_pitches(participation, others),
    )
    rows = []
    for one in others:
        told = tell_reasons(
            kept[one.pk], known, mine=participation.organisation_id, theirs=one.organisation_id
        )
        if told.has_reason:
            rows.append(Suggestion(one, told))
    return Suggestions(job, rows)


def _pitches(own: Participation, others: list[Participation]) -> Mapping[int, Mapping[int, Said]]:
    """Return what participants look for, by organisation, as texts that a reason may name."""
    return {
        one.organisation_id: {-one.pk: Said(-one.pk, one.pitch, one.pitch)}
        for one in (own, *others)
        if one.pitch
    }
