"""Rules for a round before it is written: from its publication on, applicants rely on it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.zones import load_zone
from proxeny.labels.models import Round
from proxeny.labels.operations.refusing import log_refusal
from proxeny.partnerships.operations.records import AFTER, CHECKS, Draft

State = Round.State
#: The message when somebody tries to change a published round, by column.
_STAYS = {
    "scheme_id": gettext_lazy("This round is published, so it can’t be moved to another label."),
    "opens_at": gettext_lazy("This round is published: applicants rely on its opening time."),
    "zone": gettext_lazy("This round is published: applicants rely on its time zone."),
}


@CHECKS.on("label-round")
def check_round(draft: Draft) -> None:
    """Refuse what does not hold, and what is no longer changed.

    Once it is published its name, a later end and, until it is judged, its places are changed; how
    it is judged stays as it was signed.
    """
    held: Any = draft.record
    try:
        load_zone(held.zone)
    except InvalidInput as error:
        raise InvalidInput(str(error), field="zone") from error
    if held.pk is None:
        return
    before = Round.objects.get(pk=held.pk)
    if before.state == State.PLANNED:
        return
    for name, sentence in _STAYS.items():
        if getattr(before, name) != getattr(held, name):
            raise InvalidInput(sentence, field=name.removesuffix("_id"))
    _check_end(before, held, draft)
    _check_places(before, held)


def _check_end(before: Round, held: Round, draft: Draft) -> None:
    if held.closes_at == before.closes_at:
        return
    if before.state != State.OPEN:
        raise InvalidInput(
            _("This round is being judged: applications are closed."), field="closes_at"
        )
    if held.closes_at < before.closes_at:
        raise InvalidInput(
            _("This round is published: it can only close later, not earlier."), field="closes_at"
        )
    if held.closes_at <= draft.now:
        raise InvalidInput(_("This is in the past. Choose a later time."), field="closes_at")


def _check_places(before: Round, held: Round) -> None:
    if held.places != before.places and before.state != State.OPEN:
        log_refusal("round_places_judged", round_id=held.pk)
        raise InvalidInput(
            _("This round is being judged: the number of places that applicants saw can’t change."),
            field="places",
        )


@AFTER.on("label-round")
def keep_published(draft: Draft, changes: Mapping[str, list[Any]]) -> None:
    """Refuse to archive a published round."""
    held: Any = draft.record
    if "dropped_at" in changes and held.dropped_at and held.state != State.PLANNED:
        raise Conflict(
            _("This round is published. Unpublish it first, as long as no one has applied.")
        )
