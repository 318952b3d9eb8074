"""Reading all that is held about one person. Runs in the service's role, for that person alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import F, Max, Q, QuerySet

from proxeny.kernel.personal_data.declared import Holding
from proxeny.kernel.personal_data.subject import NO_ROW, Subject, rows_about, rows_by
from proxeny.kernel.personal_data.tables import Model, all_holdings

#: Numbers of rows, by the label of their table.
Targets = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """The rows of one table that are about the person, or made by them.

    Attributes
    ----------
    label : str
        The table's name, `accounts.seat`.
    holding : Holding
        Its declaration, with the words for people.
    count : int
        How many rows there are.
    rows : list of dict
        Their columns, oldest first; not more than were asked for.
    """

    label: str
    holding: Holding
    count: int
    rows: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Part:
    """Some rows of a table, and the columns of them that the person gets."""

    rows: QuerySet[Any]
    columns: dict[str, Any]


def read_kinds(subject: Subject, *, limit: int | None = None) -> list[Kind]:
    """Return all rows about a person, table by table, in the order of the activities.

    Parameters
    ----------
    limit : int, optional
        Maximum number of rows of each table, newest first; all if not given.

    Notes
    -----
    Columns with other people's data are left out: the personal columns of rows that the person made
    for others, and the authors of rows that others made about the person.
    """
    found = []
    targets = find_targets(subject)
    for model, holding in all_holdings():
        parts = list(_parts(model, holding, subject, targets))
        count = sum(part.rows.count() for part in parts)
        if count:
            rows = [row for part in parts for row in _read(part, limit)]
            found.append(Kind(model._meta.label_lower, holding, count, rows))
    return found


def count_rows(subject: Subject) -> int:
    """Return how many rows `read_kinds` would read."""
    targets = find_targets(subject)
    return sum(
        part.rows.count()
        for model, holding in all_holdings()
        for part in _parts(model, holding, subject, targets)
    )


def find_targets(subject: Subject) -> Targets:
    """Return the numbers of the rows about a person, by the label of their table."""
    found: Targets = {}
    for hanging in (False, True):
        for model, holding in all_holdings():
            if bool(holding.hangs_on) is not hanging or holding.targets:
                continue
            about = rows_about(holding, subject) | rows_hanging_on(holding, found)
            if numbers := list(model._base_manager.filter(about).values_list("pk", flat=True)):
                found[model._meta.label_lower] = numbers
    return found


def rows_hanging_on(holding: Holding, targets: Targets, *, only_own: bool = True) -> Q:
    """Return the rows that depend on these rows, or refer to them.

    With `only_own`, those that tell of what is an organisation's and only names the person do not
    count.
    """
    found = NO_ROW
    for column, label in holding.hangs_on.items():
        found |= Q(**{f"{column}__in": targets.get(label, [])})
    if holding.targets:
        name, number = holding.targets
        for model, told in all_holdings():
            label = model._meta.label_lower
            if label in targets and (told.has_trail or not only_own):
                found |= Q(**{name: label, f"{number}__in": targets[label]})
    return found


def _parts(model: Model, holding: Holding, subject: Subject, targets: Targets) -> Iterator[_Part]:
    about = rows_about(holding, subject) | rows_hanging_on(holding, targets)
    made = rows_by(holding, subject)
    rows, columns = model._base_manager.all(), _columns(model, holding)
    if holding.targets:
        # A trail: what the person did is all theirs; what others did is shown without their names.
        yield _Part(rows.filter(about & ~made), _without(columns, holding.veiled))
        yield _Part(rows.filter(made), columns)
    else:
        yield _Part(rows.filter(about), columns)
        others = (*holding.personal, *holding.addresses)
        yield _Part(rows.filter(made & ~about), _without(columns, others))


def _columns(model: Model, holding: Holding) -> dict[str, Any]:
    if holding.shown is not None:
        return dict(holding.shown)
    names = [field.attname for field in model._meta.concrete_fields]
    return {name: F(name) for name in names if name not in holding.hidden}


def _without(columns: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if name not in names}


def _read(part: _Part, limit: int | None) -> list[dict[str, Any]]:
    # Under names of their own: a column may not be called like another of the model.
    named = {f"shown_{name}": value for name, value in part.columns.items()}
    rows = part.rows.order_by("-pk").annotate(**named).values(*named)
    found = rows if limit is None else rows[:limit]
    return [{key.removeprefix("shown_"): value for key, value in row.items()} for row in found]


def last_trace(subject: Subject) -> datetime | None:
    """Return when the person last took part, by the rows about or by them; None if never."""
    found: list[datetime] = []
    for model, holding in all_holdings():
        if holding.moment:
            theirs = rows_about(holding, subject) | rows_by(holding, subject)
            rows = model._base_manager.filter(theirs)
            latest = rows.aggregate(latest=Max(holding.moment))["latest"]
            found += [] if latest is None else [_moment(latest)]
    return max(found, default=None)


def _moment(value: date | datetime) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day, tzinfo=UTC)
