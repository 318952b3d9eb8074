"""Erasing one person from every table. Runs in one transaction, in the service's role."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Cast

from proxeny.kernel.models import AuditEntry
from proxeny.kernel.personal_data.declared import Holding
from proxeny.kernel.personal_data.files import drop_files
from proxeny.kernel.personal_data.reading import Targets, find_targets, rows_hanging_on
from proxeny.kernel.personal_data.redaction import Reach, Redactor
from proxeny.kernel.personal_data.subject import (
    NO_ROW,
    Subject,
    has_name,
    rows_about,
    rows_by,
    rows_by_name,
    rows_certainly_about,
    rows_within,
)
from proxeny.kernel.personal_data.tables import Model, all_holdings
from proxeny.kernel.tenancy import WEB, Reader, Tenancy, acting_as

_BATCH = 500


@dataclass(slots=True)
class Erased:
    """The changes of an erasure: rows by table, and the affected rows of the audit trail."""

    rows: dict[str, int] = field(default_factory=dict)
    entries: list[int] = field(default_factory=list)
    #: Texts that the editor could change and that changed, by table: what the trail tells of them.
    texts: Targets = field(default_factory=dict)

    def count(self, model: Model, number: int) -> None:
        """Add to the rows of a table."""
        if number:
            label = model._meta.label_lower
            self.rows[label] = self.rows.get(label, 0) + number


def erase(subject: Subject, *, editor: Reader) -> Erased:
    """Remove a person from every table, by the declarations; running it again changes nothing.

    1. Texts that people typed lose the name wherever `editor` could have removed it by hand, as the
       database's policies decide. So nobody can alter another person's texts by using a word from
       them as their own name and asking to be erased.
    2. Stored files that name the person lose their content.
    3. Rows about or by the person, and copies that Proxeny made of them, lose name and address.
    4. Rows declared to go with the person are deleted; personal columns of the others are replaced.

    Parameters
    ----------
    subject : Subject
        The person.
    editor : Reader
        The requester: the person, or the manager who keeps the contact.

    Returns
    -------
    Erased
        Counts, and the affected rows of the audit trail, to be named in the row that records it.
    """
    redactor = Redactor(subject.names, subject.addresses)
    targets = find_targets(subject)
    erased = Erased()
    if subject.people:
        _take_out_by_hand(subject, editor, redactor, erased)
    drop_files(subject, redactor, erased.count)
    for model, holding in all_holdings():
        _take_out(model, holding, subject, redactor, targets, erased)
    # Only now: what a row is about is found by what it still says.
    for model, holding in all_holdings():
        _replace(model, holding, subject, targets, erased)
    return erased


def _take_out_by_hand(subject: Subject, editor: Reader, redactor: Redactor, erased: Erased) -> None:
    # Found with the service's eyes: an editor may write a column that pages do not show them.
    names = [] if subject.has_namesake else list(_names_typed(subject))
    with acting_as(WEB, editor):
        for model, column, value, numbers in names:
            rows = model._base_manager.filter(pk__in=numbers)
            erased.count(model, rows.update(**{column: value}))
        for model, holding in _written_by_people():
            found = _rewrite(model, Q(), holding.texts, redactor, Reach.PHRASE, erased)
            erased.texts[model._meta.label_lower] = found
            for column, fold in holding.folded.items():
                _rewrite(model, Q(), (column,), redactor.folded(fold), Reach.PHRASE, erased)


def _written_by_people() -> Iterator[tuple[Model, Holding]]:
    for model, holding in all_holdings():
        tenancy: Tenancy | None = getattr(model, "tenancy", None)
        if tenancy is not None and tenancy.read and tenancy.update:
            yield model, holding


def _names_typed(subject: Subject) -> Iterator[tuple[Model, str, Any, list[Any]]]:
    """Yield the places where the name was typed by hand, with no other address beside it."""
    for model, holding in _written_by_people():
        for column in holding.names:
            theirs = has_name(column, subject)
            for address in holding.addresses:
                theirs &= Q(**{address: ""}) | Q(**{f"{address}__in": subject.addresses})
            numbers = list(model._base_manager.filter(theirs).values_list("pk", flat=True))
            if numbers:
                yield model, column, holding.personal[column], numbers


def _take_out(
    model: Model,
    holding: Holding,
    subject: Subject,
    redactor: Redactor,
    targets: Targets,
    erased: Erased,
) -> None:
    columns = (*holding.texts, *holding.copies)
    if not columns:
        return
    linked = (
        rows_about(holding, subject) | rows_by(holding, subject) | rows_hanging_on(holding, targets)
    )
    _rewrite(model, linked, columns, redactor, Reach.LINKED, erased)
    if holding.targets:
        # Trail rows about the texts that the editor could change.
        told = rows_hanging_on(holding, erased.texts, only_own=False)
        _rewrite(model, told, columns, redactor, Reach.PHRASE, erased)
    near = rows_within(holding, subject)
    _rewrite(model, near, holding.copies, redactor, Reach.WHOLE, erased)
    if subject.is_proved:
        reach = Reach.PHRASE if holding.to_anybody else Reach.ADDRESS
        _rewrite(model, Q(), columns, redactor, reach, erased)


def _rewrite(
    model: Model,
    rows: Q,
    columns: Sequence[str],
    redactor: Redactor,
    reach: Reach,
    erased: Erased,
) -> list[Any]:
    """Rewrite the rows whose columns contain something to remove; return their numbers."""
    rewritten = []
    has_version = any(one.name == "version" for one in model._meta.concrete_fields)
    for pk, changed in _changes(model, rows, columns, redactor, reach):
        if has_version:
            # Anybody with the row open in a form gets a conflict before saving the old text.
            changed["version"] = F("version") + 1
        if not model._base_manager.filter(pk=pk).update(**changed):
            continue  # the policies let the editor read it, and no more
        rewritten.append(pk)
        if model is AuditEntry:
            erased.entries += [] if pk in erased.entries else [pk]
    erased.count(model, len(rewritten))
    return rewritten


def _changes(
    model: Model, rows: Q, columns: Sequence[str], redactor: Redactor, reach: Reach
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield number and new values of each row that changes."""
    named = {f"as_text_{column}": _as_text(column) for column in columns}
    mentioning = NO_ROW
    for needle in redactor.needles(reach):
        for name in named:
            mentioning |= Q(**{f"{name}__icontains": needle})
    found = model._base_manager.annotate(**named).filter(rows, mentioning)
    for row in found.order_by("pk").values("pk", *columns).iterator(chunk_size=_BATCH):
        changed = {
            column: value
            for column in columns
            if (value := redactor.take_out(row[column], reach)) != row[column]
        }
        if changed:
            yield row["pk"], changed


def _as_text(column: str) -> Any:
    text: Any = Cast(column, TextField())
    if column == "calendar":
        # Folded lines, unfolded (RFC 5545 §3.1).
        text = Func(
            text,
            Value("\r?\n[ \t]"),
            Value(""),
            Value("g"),
            function="regexp_replace",
            output_field=TextField(),
        )
    return text


def _replace(
    model: Model, holding: Holding, subject: Subject, targets: Targets, erased: Erased
) -> None:
    numbers = targets.get(model._meta.label_lower, [])
    if not numbers:
        return
    rows = model._base_manager.filter(pk__in=numbers)
    if holding.goes is True:
        # Rows that depend on a sign-in are deleted with it, and may be gone already.
        erased.count(model, rows.delete()[0])
        return
    by_name = rows.filter(rows_by_name(holding, subject)).exclude(
        rows_certainly_about(holding, subject)
    )
    only_named = list(by_name.values_list("pk", flat=True))
    if isinstance(holding.goes, Q):
        erased.count(model, rows.filter(holding.goes).exclude(pk__in=only_named).delete()[0])
    if holding.personal:
        erased.count(model, rows.exclude(pk__in=only_named).update(**holding.personal))
        for column in holding.names:
            named = model._base_manager.filter(has_name(column, subject), pk__in=only_named)
            erased.count(model, named.update(**{column: holding.personal[column]}))
