"""A person's data as a page shows it: activities, kinds, rows, in plain words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from proxeny.kernel import audit
from proxeny.kernel.lists import join_items
from proxeny.kernel.personal_data.activities import ACTIVITIES, Activity
from proxeny.kernel.personal_data.reading import Kind
from proxeny.kernel.personal_data.words import describe_term

#: So much of a text is shown; the file has all of it.
_SHOWN = 280

#: Columns in plain words. A column without a line is shown by its field's own name.
_WORDS: dict[str, Any] = {
    "accepted_at": gettext_lazy("Accepted on"),
    "answer": pgettext_lazy("what someone answered", "Answer"),
    "arguments": gettext_lazy("Task details"),
    "asked_at": gettext_lazy("Requested on"),
    "at": gettext_lazy("When"),
    "attended": gettext_lazy("Attended"),
    "by_video": gettext_lazy("By video"),
    "calendar": gettext_lazy("Calendar entry"),
    "changes": gettext_lazy("What changed"),
    "checked_in_at": gettext_lazy("Checked in on"),
    "contact": gettext_lazy("Contact person"),
    "created_at": gettext_lazy("Date created"),
    "date_joined": gettext_lazy("Since"),
    "done_at": gettext_lazy("Done on"),
    "due_at": gettext_lazy("Due on"),
    "email": gettext_lazy("Email"),
    "ends_on": gettext_lazy("Last day"),
    "erased_at": gettext_lazy("Erased on"),
    "error": gettext_lazy("Error"),
    "expires_at": gettext_lazy("Valid until"),
    "extra_data": gettext_lazy("Information from the provider"),
    "finished_at": gettext_lazy("Ended on"),
    "granted_at": gettext_lazy("Shared since"),
    "hint": gettext_lazy("Token ends with"),
    "ip": gettext_lazy("IP address"),
    "is_active": gettext_lazy("Can sign in"),
    "kind": gettext_lazy("Kind"),
    "language": gettext_lazy("Language"),
    "languages": gettext_lazy("Languages"),
    "last_login": gettext_lazy("Last sign-in"),
    "last_seen_at": gettext_lazy("Last seen"),
    "last_used_at": gettext_lazy("Last used"),
    "made_at": gettext_lazy("Date created"),
    "media_type": gettext_lazy("File type"),
    "name": gettext_lazy("Name"),
    "note": gettext_lazy("Note"),
    "organisation": gettext_lazy("Organisation"),
    "person_name": gettext_lazy("Name"),
    "phase": gettext_lazy("When the question was asked"),
    "pitch": gettext_lazy("What you’re looking for"),
    "primary": gettext_lazy("Main address"),
    "provider": gettext_lazy("Provider"),
    "purpose": gettext_lazy("Purpose"),
    "rated_at": gettext_lazy("Answered on"),
    "reason": gettext_lazy("Reason"),
    "recipient": gettext_lazy("Sent to"),
    "revoked_at": gettext_lazy("Revoked on"),
    "role": gettext_lazy("Role"),
    "scopes": gettext_lazy("What it can do"),
    "sent_at": gettext_lazy("Sent on"),
    "signed_at": gettext_lazy("Signed on"),
    "size": gettext_lazy("Size in bytes"),
    "starts_at": gettext_lazy("Starts"),
    "starts_on": gettext_lazy("First day"),
    "started_at": gettext_lazy("Started on"),
    "state": gettext_lazy("State"),
    "subject": gettext_lazy("Subject"),
    "text": gettext_lazy("Text"),
    "text_hash": gettext_lazy("Proof of integrity"),
    "time_zone": gettext_lazy("Time zone"),
    "type": gettext_lazy("Kind"),
    "updated_at": gettext_lazy("Changed on"),
    "user_agent": gettext_lazy("Browser"),
    "value": pgettext_lazy("what someone answered", "Answer"),
    "verb": gettext_lazy("What was done"),
    "verified": gettext_lazy("Address confirmed"),
    "why": gettext_lazy("Reason"),
    "withdrawn_at": gettext_lazy("Withdrawn on"),
}
#: Only the machine needs them; the file has them.
_ONLY_IN_FILE = {
    "id",
    "version",
    "attempts",
    "calendar_method",
    "sha256",
    "data",
    "target",
}

#: Rows that hold a name and an address and nothing else of the person.
_EMPTIED = {"accounts.person", "directory.details"}


@dataclass(frozen=True, slots=True)
class ShownKind:
    """One kind of row: its words, how long it is kept, and the newest rows as labelled values."""

    what: str
    term: str
    count: int
    more: int
    rows: list[list[tuple[str, str]]]


@dataclass(slots=True)
class ShownActivity:
    """The data held for one purpose."""

    activity: Activity
    kinds: list[ShownKind] = field(default_factory=list)


def show_kinds(kinds: list[Kind]) -> list[ShownActivity]:
    """Return the data held, by activity; empty activities are left out."""
    found = {activity.key: ShownActivity(activity) for activity in ACTIVITIES}
    for kind in kinds:
        if kind.holding.activity is not None:
            found[kind.holding.activity.key].kinds.append(_show(kind))
    return [one for one in found.values() if one.kinds]


def is_gone(kind: Kind) -> bool:
    """Whether nothing that counts is left of such rows after an erasure."""
    return bool(kind.holding.goes) or kind.label in _EMPTIED


def _show(kind: Kind) -> ShownKind:
    model = apps.get_model(kind.label)
    rows = [list(_pairs(model, row)) for row in kind.rows]
    return ShownKind(
        what=str(kind.holding.what or model._meta.verbose_name_plural),
        term=describe_term(kind.holding),
        count=kind.count,
        more=kind.count - len(rows),
        rows=rows,
    )


def _pairs(model: type[models.Model], row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        if name in _ONLY_IN_FILE or value is None or value in ("", [], {}):
            continue
        if _is_number_of_record(model, name, value):
            continue
        yield _word(model, name), _value(model, name, value)


def _is_number_of_record(model: type[models.Model], name: str, value: Any) -> bool:
    """Return whether it points at another record by its number, which tells a person nothing."""
    is_link = name.endswith("_id") or isinstance(_field(model, name), models.ForeignKey)
    return is_link and isinstance(value, int)


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any] | None":
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, models.Field) else None


def _word(model: type[models.Model], name: str) -> str:
    if name in _WORDS:
        return str(_WORDS[name])
    column = _field(model, name)
    text = str(column.verbose_name) if column is not None else name.replace("_", " ")
    return text[:1].upper() + text[1:]


def _value(model: type[models.Model], name: str, value: Any) -> str:
    column = _field(model, name)
    if column is not None and column.choices:
        return str(dict(column.flatchoices).get(value, value))
    text = str(audit.sentences().get(value, value)) if name == "verb" else _plain(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()}…"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return str(date_format(timezone.localtime(value), "DATETIME_FORMAT"))
    if isinstance(value, date):
        return str(date_format(value, "DATE_FORMAT"))
    if isinstance(value, list):
        return join_items(_plain(one) for one in value if one not in (None, ""))
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_plain(one)}" for key, one in value.items())
    return "" if value is None else str(value)
