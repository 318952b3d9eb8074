"""The kinds of records in the teams' work: how they are written, changed, archived and restored.

The room's history is read by all its people, those with a conflict of interest among them: a row
names the record by its number, and contains nothing of what was found out.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from proxeny.assessments.models import Engagement
from proxeny.assessments.operations.guards import Entered, enter_as_team
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.model_fields import column_of
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Evidence
from proxeny.partnerships.models.records import RoomRecord
from proxeny.partnerships.operations.room import CHANGED, note, save_version

#: How evidence names what it stands in.
FINDING, NOTE, FIGURE = "assessments.finding", "assessments.note", "assessments.figure"


@dataclass(frozen=True, slots=True)
class Draft[R]:
    """A record that is about to be written; unsaved if it is new."""

    actor: Reader
    entered: Entered
    record: R
    now: datetime


@dataclass(frozen=True, slots=True)
class WorkKind[R: RoomRecord, F]:
    """A kind of record in the teams' work; one mechanism writes, changes, archives and restores it.

    Attributes
    ----------
    name : str
        In the verbs of the history: `write_note`, `change_note`, `drop_note`, `restore_note`.
    states : collection of str
        The states of an engagement in which it is written.
    most : int
        Most records of an engagement that are not archived.
    start : callable
        Returns the columns of a new record besides those of the facts.
    live : callable
        Returns the records of an engagement that are not archived.
    get : callable
        Returns a record of an engagement, archived or not; raises `NotFound`.
    clean : callable
        Returns the columns that facts fill; raises `InvalidInput`.
    expect : callable
        Raises `Conflict` if a record can no longer be changed.
    before_drop, before_restore : callable
        Refuse to archive a record, or restore what belongs to it.
    """

    name: str
    model: type[R]
    facts: type[F]
    states: Collection[str]
    most: int
    start: Callable[[Reader, Engagement], dict[str, Any]]
    live: Callable[[Engagement], QuerySet[R]]
    get: Callable[[Engagement, int], R]
    clean: Callable[[F, Draft[R]], dict[str, Any]]
    expect: Callable[[R], None] = lambda record: None
    before_drop: Callable[[Draft[R]], None] = lambda draft: None
    before_restore: Callable[[Draft[R]], None] = lambda draft: None

    @transaction.atomic
    def write(self, *, actor: Reader, engagement_id: int, facts: F, now: datetime) -> R:
        """Write a new record.

        Raises
        ------
        NotFound, NotAllowed, Conflict
            As of `enter_as_team`; there are too many.
        InvalidInput
            As of `clean`.
        """
        entered = enter_as_team(actor, engagement_id, *self.states)
        engagement = entered.engagement
        record = self.model(
            partnership_id=engagement.partnership_id,
            created_at=now,
            **self.start(actor, engagement),
        )
        values = self.clean(facts, Draft(actor, entered, record, now))
        if self.live(engagement).count() >= self.most:
            raise Conflict(_("You’ve reached the maximum. Archive some first."))
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
        note(actor, f"write_{self.name}", entered, record)
        return record

    @transaction.atomic
    def change(
        self,
        *,
        actor: Reader,
        engagement_id: int,
        record_id: int,
        version: int,
        facts: F,
        now: datetime,
    ) -> R:
        """Change a record; errors as of `write`, and `Conflict` if it changed since `version`."""
        draft = self.enter(actor, engagement_id, record_id, now)
        if draft.record.version != version or draft.record.dropped_at:
            raise Conflict(CHANGED)
        return self._save("change", draft, self.clean(facts, draft))

    @transaction.atomic
    def drop(self, *, actor: Reader, engagement_id: int, record_id: int, now: datetime) -> R:
        """Archive a record; one that something rests on stays. Twice changes nothing."""
        draft = self.enter(actor, engagement_id, record_id, now)
        if draft.record.dropped_at is None:
            self.before_drop(draft)
            self._save("drop", draft, {"dropped_at": now})
        return draft.record

    @transaction.atomic
    def restore(self, *, actor: Reader, engagement_id: int, record_id: int, now: datetime) -> R:
        """Restore an archived record. Twice changes nothing."""
        draft = self.enter(actor, engagement_id, record_id, now)
        if draft.record.dropped_at is not None:
            self.before_restore(draft)
            self._save("restore", draft, {"dropped_at": None})
        return draft.record

    def enter(self, actor: Reader, engagement_id: int, record_id: int, now: datetime) -> Draft[R]:
        """Return an engagement and one of its records, both locked until the transaction ends.

        Raises
        ------
        NotFound, NotAllowed, Conflict
            As of `enter_as_team`; there is no such record, or it can no longer be changed.
        """
        entered = enter_as_team(actor, engagement_id, *self.states)
        self.get(entered.engagement, record_id)
        # Whoever decides on a recommendation does not lock the engagement.
        record = self.model._default_manager.select_for_update().get(pk=record_id)
        self.expect(record)
        return Draft(actor, entered, record, now)

    def _save(self, deed: str, draft: Draft[R], values: dict[str, Any]) -> R:
        """Save changed values as one new version and one action; without changes, do nothing."""
        record = draft.record
        changed = {name: new for name, new in values.items() if getattr(record, name) != new}
        if changed:
            save_version(record, **changed)
            note(draft.actor, f"{deed}_{self.name}", draft.entered, record)
        return record


def is_evidence(entered: Entered, target: str, target_id: int) -> bool:
    """Whether a recommendation that is not archived rests on a record of the engagement."""
    return Evidence.objects.filter(
        partnership_id=entered.engagement.partnership_id,
        target=target,
        target_id=target_id,
        recommendation__dropped_at=None,
    ).exists()


def tidy(text: str) -> str:
    """Return one line without needless space."""
    return " ".join(text.split())


def tidy_lines(text: str) -> str:
    """Return text of several lines, ended in one way, without space around it."""
    return text.replace("\r\n", "\n").strip()


def refuse_long(model: type[models.Model], values: dict[str, Any], names: Iterable[str]) -> None:
    """Refuse texts that do not fit into their columns of `model`."""
    for name in names:
        most = cast("int", column_of(model, name).max_length)
        if len(values[name]) > most:
            raise InvalidInput(
                _("This is too long. Use %(most)d characters or fewer.") % {"most": most},
                field=name,
            )
