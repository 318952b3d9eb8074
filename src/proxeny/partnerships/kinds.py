"""Kinds of records that a room keeps, each with its editable columns.

One mechanism serves them all: add, change, archive and restore, by page, by API and in the history.
Further actions of a kind (a figure measured, a risk accepted) have operations of their own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import tell_name
from proxeny.partnerships.evidence import find_origin
from proxeny.partnerships.models import (
    Action,
    Activity,
    Favour,
    FundingLine,
    FundingSource,
    KeyResult,
    Objective,
    Placement,
    Recommendation,
    Risk,
)
from proxeny.partnerships.models.records import RoomRecord


@dataclass(frozen=True, slots=True)
class Kind:
    """Kind of record.

    Attributes
    ----------
    name : str
        In addresses, in the API and in the verbs of the history: `add_risk`, `change_risk`.
    fields : tuple of str
        The editable columns.
    page : str
        The page of the room that shows it.
    binding : bool
        Whether only managers write it.
    charges, needs : bool
        Whether it names people in charge on each side, or other activities that it needs.
    told : dict
        The sentences of the history, by the first word of the verb.
    told_too : tuple of str
        Columns that other operations write, and that a table of all records includes.
    below : str
        The column of the record that it belongs to: it is passed on by the page that opened the
        form.
    later : tuple of str
        Columns that a form asks for only once the record exists.
    first : dict
        The label of a field while a record is being added, where it differs.
    several : dict
        The choices of a column that holds several codes with a space between.
    hints : dict
        The hint below a field of the form, by column.
    carried : tuple of str
        More columns that are passed in the address of the form, and that no form shows.
    takes : dict
        For a column that points outside the room: returns the allowed target, from the record and a
        number; None if it is not allowed.
    offers : dict
        The choices of a form for a column that points to another record of the room, from the
        partnership's id and the record that this one belongs to.
    at : callable, optional
        Returns the page that shows a record, also an unsaved one, if the room has no page of all.
    """

    name: str
    model: type[RoomRecord]
    fields: tuple[str, ...]
    page: str
    label: Any
    new: Any
    told: Mapping[str, Any]
    binding: bool = False
    charges: bool = False
    needs: bool = False
    tag: str = field(default="title")
    told_too: tuple[str, ...] = ()
    below: str = ""
    later: tuple[str, ...] = ()
    first: Mapping[str, Any] = field(default_factory=dict)
    several: Mapping[str, Callable[[], list[tuple[str, Any]]]] = field(default_factory=dict)
    hints: Mapping[str, Any] = field(default_factory=dict)
    carried: tuple[str, ...] = ()
    takes: Mapping[str, Callable[[Any, int], Any]] = field(default_factory=dict)
    offers: Mapping[str, Callable[[int, Any], list[tuple[int, str]]]] = field(default_factory=dict)
    at: Callable[[Any], str] | None = None

    def verb(self, deed: str) -> str:
        """Return the verb of the history for `add`, `change`, `drop` or `restore`."""
        return f"{deed}_{self.name.replace('-', '_')}"

    def tag_of(self, record: Any) -> str:
        """Return what a record is called, as it is kept: for an audit row."""
        return str(getattr(record, self.tag))

    def title_of(self, record: Any) -> str:
        """Return the name of a record, as shown to readers."""
        return tell_name(self.tag_of(record))

    def url_of(self, record: Any) -> str:
        """Return where a record is shown; of one that is not saved, where it would be."""
        if self.at is not None:
            return self.at(record)
        url = reverse(f"partnerships:{self.page}", args=[record.partnership_id])
        return f"{url}#{self.name}-{record.pk}" if record.pk and not record.dropped_at else url


def _at_register(advice: Any) -> str:
    """Return the page of a recommendation: the list of its origin, else the register."""
    origin = find_origin(advice)
    room = reverse("partnerships:advice", args=[advice.partnership_id])
    url = origin.list_url(advice) if origin else room
    is_there = advice.pk and not advice.dropped_at
    return f"{url}#recommendation-{advice.pk}" if is_there else url


#: Records with a title that actions can originate from, by origin.
ORIGINS: dict[str, type[RoomRecord]] = {
    Action.Origin.RISK: Risk,
    Action.Origin.RECOMMENDATION: Recommendation,
}


def add_kind(kind: Kind) -> None:
    """Register a kind of a higher-level package for every room; called next to its models."""
    KINDS[kind.name] = kind


KINDS: dict[str, Kind] = {
    one.name: one
    for one in (
        Kind(
            "objective",
            Objective,
            ("title", "details", "due_on", "closed_on", "outcome"),
            "goals",
            _("Objective"),
            _("New objective"),
            {
                "add": _("Added an objective"),
                "change": _("Changed an objective"),
                "drop": _("Archived an objective"),
                "restore": _("Restored an objective"),
            },
            later=("closed_on", "outcome"),
            hints={
                "title": _("One sentence that every side would put the same way."),
                "outcome": _("Required to close it."),
            },
        ),
        Kind(
            "key-result",
            KeyResult,
            ("objective", "title", "unit", "start", "target", "due_on", "party"),
            "goals",
            _("Key result"),
            _("New key result"),
            {
                "add": _("Added a key result"),
                "change": _("Changed a key result"),
                "drop": _("Archived a key result"),
                "restore": _("Restored a key result"),
            },
            hints={
                "title": _("For instance: companies that met a partner abroad."),
            },
        ),
        Kind(
            "activity",
            Activity,
            (
                "title",
                "details",
                "starts_on",
                "ends_on",
                "is_milestone",
                "state",
                "core",
                "worth",
                "cost",
            ),
            "plan",
            _("Activity"),
            _("New activity"),
            {
                "add": _("Planned an activity"),
                "change": _("Changed an activity of the plan"),
                "drop": _("Archived an activity"),
                "restore": _("Restored an activity"),
            },
            charges=True,
            needs=True,
            hints={
                "is_milestone": _("A single day on which something is achieved."),
                "core": _("The partnership couldn’t do without it."),
                "worth": _("Its value to all sides together, from 1 to 5."),
                "cost": _("The total in the partnership’s currency; 0 if it only costs time."),
            },
        ),
        Kind(
            "action",
            Action,
            ("title", "due_on", "party", "person", "done_on", "origin", "origin_id"),
            "plan",
            _("Action"),
            _("New action"),
            {
                "add": _("Added an action"),
                "change": _("Changed an action"),
                "drop": _("Archived an action"),
                "restore": _("Restored an action"),
            },
            later=("done_on",),
        ),
        Kind(
            "placement",
            Placement,
            (
                "kind",
                "person",
                "sender",
                "host",
                "starts_on",
                "ends_on",
                "place",
                "hours",
                "goals",
                "costs",
                "borne_by",
                "report_due_on",
            ),
            "placements",
            _("Stay or visit"),
            _("New stay or visit"),
            {
                "add": _("Planned a stay or visit"),
                "change": _("Changed a stay or visit"),
                "drop": _("Archived a stay or visit"),
                "restore": _("Restored a stay or visit"),
            },
            tag="place",
            told_too=("agreed_at", "closed_on", "report", "proof_url"),
            hints={
                "person": _("Someone from the sending team."),
                "starts_on": _("A visit lasts from three days to a month; a stay can be longer."),
                "place": _("Where to find them: the city, the building, the desk."),
                "hours": _("For instance: Tuesday to Thursday, 9:00 to 17:00."),
                "goals": _(
                    "What both sides want to get out of it. The other side has to agree to it."
                ),
                "costs": _("What has to be paid, and how much: travel, a room, meals."),
                "borne_by": _("Leave empty if all sides share them."),
                "report_due_on": _("The person who goes gets a reminder a week before."),
            },
        ),
        Kind(
            "risk",
            Risk,
            (
                "title",
                "details",
                "inherent_likelihood",
                "inherent_impact",
                "current_likelihood",
                "current_impact",
                "residual_likelihood",
                "residual_impact",
                "response",
                "treatment",
                "review_on",
                "closed_on",
                "closed_why",
            ),
            "risks",
            _("Risk"),
            _("New risk"),
            {
                "add": _("Added a risk"),
                "change": _("Changed a risk"),
                "drop": _("Archived a risk"),
                "restore": _("Restored a risk"),
            },
            charges=True,
            later=(
                "current_likelihood",
                "current_impact",
                "residual_likelihood",
                "residual_impact",
                "closed_on",
                "closed_why",
            ),
            first={"inherent_likelihood": _("Likelihood"), "inherent_impact": _("Impact")},
            hints={
                "details": _("Because of …, it may happen that …, which would mean …"),
            },
        ),
        Kind(
            "favour",
            Favour,
            ("kind", "giver", "receiver", "happened_on", "count", "what"),
            "exchange",
            _("Give and take"),
            _("New contribution"),
            {
                "add": _("Recorded a contribution"),
                "change": _("Changed a contribution"),
                "drop": _("Archived a contribution"),
                "restore": _("Restored a contribution"),
            },
            tag="what",
            hints={
                "what": _("The other side reads and confirms this."),
            },
        ),
        Kind(
            "source",
            FundingSource,
            ("name", "kind", "party", "certainty", "movable", "ends_on"),
            "money",
            _("Funding source"),
            _("New funding source"),
            {
                "add": _("Added a funding source"),
                "change": _("Changed a funding source"),
                "drop": _("Archived a funding source"),
                "restore": _("Restored a funding source"),
            },
            binding=True,
            tag="name",
            hints={
                "party": _("Leave empty if it goes to all sides together."),
                "movable": _(
                    "Its money can be used for something else. This is rarely allowed with a grant."
                ),
            },
        ),
        Kind(
            "line",
            FundingLine,
            ("source", "activity", "year", "amount", "currency"),
            "money",
            _("Amount"),
            _("New amount"),
            {
                "add": _("Added an amount"),
                "change": _("Changed an amount"),
                "drop": _("Archived an amount"),
                "restore": _("Restored an amount"),
            },
            binding=True,
            tag="amount",
            hints={
                "activity": _("Leave empty for any activity."),
            },
        ),
        Kind(
            "recommendation",
            Recommendation,
            ("title", "details", "addressee", "party"),
            "advice",
            _("Recommendation"),
            _("New recommendation"),
            {
                "add": _("Wrote a recommendation"),
                "change": _("Changed a recommendation"),
                "drop": _("Archived a recommendation"),
                "restore": _("Restored a recommendation"),
            },
            at=_at_register,
        ),
    )
}
