"""What the deeds in the teams' own work share: tidy values, and an audit row of who and when.

The room's history is read by all its people, those with a conflict of interest among them: a row
names the record by its number, and tells no word of what was found out.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from proxeny.assessments.models import Finding, Note
from proxeny.assessments.operations.entering import Entered
from proxeny.kernel import audit
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Evidence, Recommendation

#: How evidence names what it stands in.
FINDING, NOTE, FIGURE = "assessments.finding", "assessments.note", "assessments.figure"


def keep_deed(actor: Reader, verb: str, record: models.Model, entered: Entered) -> None:
    """Write the audit row of a deed with one record of an engagement."""
    audit.record(
        actor, verb, record, organisation_id=entered.organisation_id,
        partnership_id=entered.engagement.partnership_id,
    )  # fmt: skip


def save_changes(
    record: Note | Finding | Recommendation, values: dict[str, Any], actor: Reader, verb: str,
    entered: Entered,
) -> None:  # fmt: skip
    """Save what differs, as one version more and one deed; if nothing does, nothing happens."""
    changed = [name for name, value in values.items() if getattr(record, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(record, name, values[name])
    record.version += 1
    record.save(update_fields=[*changed, "version"])
    keep_deed(actor, verb, record, entered)


def is_evidence(entered: Entered, target: str, target_id: int) -> bool:
    """Whether a recommendation that was not put away rests on a record of the engagement."""
    return Evidence.objects.filter(
        partnership_id=entered.engagement.partnership_id, target=target, target_id=target_id,
        recommendation__dropped_at=None,
    ).exists()  # fmt: skip


def tidy(text: str) -> str:
    """Return one line without needless space."""
    return " ".join(text.split())


def tidy_lines(text: str) -> str:
    """Return text of several lines, ended in one way, without space around it."""
    return text.replace("\r\n", "\n").strip()


def refuse_long(model: type[models.Model], values: dict[str, Any], names: Iterable[str]) -> None:
    """Refuse texts that do not fit into their columns of `model`."""
    for name in names:
        most = model._meta.get_field(name).max_length
        if len(values[name]) > most:
            raise InvalidInput(
                _("This is too long: %(most)d characters at most.") % {"most": most}, field=name
            )
