"""The record of processing (GDPR art. 30), made from the holdings."""

from dataclasses import dataclass, field

from django.apps import apps
from django.utils import translation
from django.utils.translation import gettext as _

from proxeny.kernel.personal_data.activities import ACTIVITIES, Activity
from proxeny.kernel.personal_data.declared import Holding
from proxeny.kernel.personal_data.tables import Model, all_holdings, find_holding
from proxeny.kernel.personal_data.words import describe_term

_HEAD = """# Record of processing

What Proxeny does with data about people (GDPR article 30). Made from what each table declares
beside its model, by `proxeny manage record_of_processing`; a test keeps this page equal to it.
Managers read the same, in their language, under `/privacy/record/`.

The operator adds what the program cannot know: their name and contact (`PROXENY_OPERATOR`,
`PROXENY_OPERATOR_EMAIL`), where the servers and the mail server stand, and who processes data for
them. Proxeny itself sends nothing to anybody but the mail server, sign-in providers and webhooks
that are set up. How data is kept safe: [who sees what](../explanation/who-sees-what.md); how
people see, take along and erase theirs: [privacy](../explanation/privacy.md).
"""


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
    paths = {path.split("__")[0] for path in (*holding.about, *holding.by)}
    columns = {
        *paths,
        *holding.personal,
        *holding.addresses,
        *holding.names,
        *holding.texts,
        *holding.copies,
    }
    own = {one.name for one in model._meta.concrete_fields} | {
        one.attname for one in model._meta.concrete_fields
    }
    return Line(
        table=model._meta.db_table,
        what=str(holding.what),
        columns=sorted(columns & own - {"id", "version", "withdrawn_at", "headers"}),
        term=describe_term(holding),
        at_erasure=_at_erasure(holding),
    )


def _at_erasure(holding: Holding) -> str:
    if holding.goes is True:
        return _("Deleted")
    if holding.targets:
        return _("Kept, with names blacked out")
    if holding.personal or holding.about or holding.by:
        return _("Kept, without the person")
    if holding.texts or holding.copies:
        return _("Kept, with the name removed")
    return _("Kept, unchanged")


def write_record() -> str:
    """Return the record as Markdown, in English."""
    with translation.override("en"):
        parts = [_HEAD]
        parts += [_section(entry) for entry in record_of_processing()]
        nobody = ", ".join(f"`{table}`" for table in tables_about_nobody())
        parts.append(f"## Nothing about people\n\n{nobody}.\n")
    return "\n".join(parts)


def _section(entry: Entry) -> str:
    activity = entry.activity
    rows = [
        f"| {line.what} | `{line.table}` | {', '.join(f'`{one}`' for one in line.columns)}"
        f" | {line.term} | {line.at_erasure} |"
        for line in entry.lines
    ]
    return "\n".join(
        [
            f"## {activity.title}",
            "",
            f"- **What for:** {activity.purpose}",
            f"- **About whom:** {activity.people}",
            f"- **Legal basis:** {activity.basis.value}.",
            f"- **Who receives it:** {activity.recipients}",
            "",
            "| what | table | columns that name people | how long | at erasure |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )
