"""The record of processing (GDPR art. 30), made from the holdings."""

from dataclasses import dataclass, field

from django.apps import apps
from django.utils.translation import gettext as _

from proxeny.kernel.holdings.activities import ACTIVITIES, Activity
from proxeny.kernel.holdings.declared import Holding
from proxeny.kernel.holdings.tables import Model, all_holdings, find_holding
from proxeny.kernel.holdings.words import describe_term


@dataclass(frozen=True, slots=True)
class Line:
    """One table: which columns name people, how long it is kept, what erasure does."""

    table: str
    what: str
    columns: list[str]
    term: str
    at_erasure: str


@dataclass(slots=True)
class Entry:
    """One activity with its tables."""

    activity: Activity
    lines: list[Line] = field(default_factory=list)


def record_of_processing() -> list[Entry]:
    """Return the activities in their order, each with the tables that serve it."""
    found = {activity.key: Entry(activity) for activity in ACTIVITIES}
    for model, holding in all_holdings():
        if holding.activity is not None:
            found[holding.activity.key].lines.append(_line(model, holding))
    return list(found.values())


def tables_about_nobody() -> list[str]:
    """Return the tables that hold nothing about people."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if (holding := find_holding(model)) is not None and not holding.is_anybodys
    )


def _line(model: Model, holding: Holding) -> Line:
    columns = {
        *holding.about, *holding.by, *holding.personal, *holding.addresses, *holding.names,
        *holding.texts, *holding.copies,
    }  # fmt: skip
    own = {one.name for one in model._meta.concrete_fields} | {
        one.attname for one in model._meta.concrete_fields
    }
    return Line(
        table=model._meta.db_table,
        what=str(holding.what),
        columns=sorted(columns & own - {"id", "version"}),
        term=describe_term(holding),
        at_erasure=_at_erasure(holding),
    )


def _at_erasure(holding: Holding) -> str:
    if holding.goes is True:
        return _("Goes")
    if holding.targets:
        return _("Stays; names in it are blacked out")
    if holding.personal or holding.about or holding.by:
        return _("Stays, without the person")
    if holding.texts or holding.copies:
        return _("Stays; the name is taken out")
    return _("Stays")
