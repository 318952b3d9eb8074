"""The kinds of records that a room keeps, each with what people write in it.

One mechanism serves them all: adding, changing, putting away and bringing back, by page, by program
and in the history. What a kind does besides (a figure measured, a risk accepted) has an operation
of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.holdings import tell_name
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
    """One kind of record.

    Attributes
    ----------
    name : str
        In addresses, in the API and in the verbs of the history: `add_risk`, `change_risk`.
    fields : tuple of str
        The columns that people write.
    page : str
        The page of the room that shows it.
    binding : bool
        Whether only managers write it.
    charges, needs : bool
        Whether it names people in charge on each side, or other activities that it needs.
    told : dict
        The sentences of the history, by the first word of the verb.
    told_too : tuple of str
        Columns that other operations write, and that a table of all records tells too.
    below : str
        The column of the record that it belongs to: it comes along from where the form was opened.
    hints : dict
        What stands below a field of the form, by column.
    carried : tuple of str
        More columns that come along with the address of the form, and that no form shows.
    takes : dict
        For a column that points outside the room: what a record may point to by a number, from
        the two; None if it may not.
    offers : dict
        What a form offers for a column that points to a record beside this one, from the number
        of the partnership and what the record belongs to.
    at : callable, optional
        Returns where one is shown, also one that is not saved yet, if the room has no page of all.
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
        """Return what a record is called, as readers are told it."""
        return tell_name(self.tag_of(record))

    def url_of(self, record: Any) -> str:
        """Return where a record is shown; of one that is not saved, where it would be."""
        if self.at is not None:
            return self.at(record)
        url = reverse(f"partnerships:{self.page}", args=[record.partnership_id])
        return f"{url}#{self.name}-{record.pk}" if record.pk and not record.dropped_at else url


def _at_register(advice: Any) -> str:
    """Return where a recommendation stands: among those of its origin, else in the register."""
    origin = find_origin(advice)
    room = reverse("partnerships:advice", args=[advice.partnership_id])
    url = origin.list_url(advice) if origin else room
    is_there = advice.pk and not advice.dropped_at
    return f"{url}#recommendation-{advice.pk}" if is_there else url


#: What actions can come from that has a title, by their origin.
ORIGINS: dict[str, type[RoomRecord]] = {
    Action.Origin.RISK: Risk,
    Action.Origin.RECOMMENDATION: Recommendation,
}


def add_kind(kind: Kind) -> None:
    """Let a capability above keep a kind of its own in every room; called beside its models."""
    KINDS[kind.name] = kind


KINDS: dict[str, Kind] = {
    one.name: one
    for one in (
        Kind(
            "objective", Objective, ("title", "details", "due_on", "closed_on", "outcome"), "goals",
            _("Objective"), _("New objective"),
            {"add": _("Wrote an objective"), "change": _("Changed an objective"),
             "drop": _("Put an objective away"), "restore": _("Brought an objective back")},
            hints={
                "title": _("One sentence that both sides would write like this."),
                "outcome": _("Needed to close it."),
            },
        ),
        Kind(
            "key-result", KeyResult,
            ("objective", "title", "unit", "start", "target", "due_on", "party"), "goals",
            _("Key result"), _("New key result"),
            {"add": _("Wrote a key result"), "change": _("Changed a key result"),
             "drop": _("Put a key result away"), "restore": _("Brought a key result back")},
            hints={
                "title": _("For instance: companies that met a partner abroad."),
            },
        ),
        Kind(
            "activity", Activity,
            ("title", "details", "starts_on", "ends_on", "is_milestone", "state", "core", "worth",
             "cost"), "plan",
            _("Activity"), _("New activity"),
            {"add": _("Planned an activity"), "change": _("Changed an activity of the plan"),
             "drop": _("Put an activity away"), "restore": _("Brought an activity back")},
            charges=True, needs=True,
            hints={
                "is_milestone": _("A single day on which something is reached."),
                "core": _("Without it the partnership would not be itself."),
                "worth": _("From 1 to 5, what it is worth to both sides together."),
                "cost": _("In all, in the partnership’s currency; 0 if it costs only time."),
            },
        ),
        Kind(
            "action", Action, ("title", "due_on", "party", "person", "done_on", "origin",
                               "origin_id"), "plan",
            _("Action"), _("New action"),
            {"add": _("Noted an action"), "change": _("Changed an action"),
             "drop": _("Put an action away"), "restore": _("Brought an action back")},
        ),
        Kind(
            "placement", Placement,
            ("kind", "person", "sender", "host", "starts_on", "ends_on", "place", "hours", "goals",
             "costs", "borne_by", "report_due_on"), "placements",
            _("Stay or visit"), _("New stay or visit"),
            {"add": _("Planned a stay or visit"), "change": _("Changed a stay or visit"),
             "drop": _("Put a stay or visit away"), "restore": _("Brought a stay or visit back")},
            tag="place", told_too=("agreed_at", "closed_on", "report", "proof_url"),
            hints={
                "person": _("Somebody of the team that sends."),
                "starts_on": _("A visit lasts from three days to a month, a stay may be longer."),
                "place": _("Where one finds them: the city, the house, the desk."),
                "hours": _("For instance: Tuesday to Thursday, 9 to 17."),
                "goals": _("What both sides want to have at the end. The other side agrees to it."),
                "costs": _("What has to be paid, and how much: the way, a room, the daily bread."),
                "borne_by": _("Empty: both sides share them."),
                "report_due_on": _("Who goes is reminded a week before."),
            },
        ),
        Kind(
            "risk", Risk,
            ("title", "details", "inherent_likelihood", "inherent_impact", "current_likelihood",
             "current_impact", "residual_likelihood", "residual_impact", "response", "treatment",
             "review_on", "closed_on", "closed_why"), "risks",
            _("Risk"), _("New risk"),
            {"add": _("Noted a risk"), "change": _("Changed a risk"),
             "drop": _("Put a risk away"), "restore": _("Brought a risk back")},
            charges=True,
            hints={
                "details": _("Because of …, it may happen that …, which would mean …"),
            },
        ),
        Kind(
            "favour", Favour, ("kind", "giver", "receiver", "happened_on", "count", "what"),
            "exchange",
            _("Give and take"), _("What one side gave"),
            {"add": _("Noted what one side gave"), "change": _("Changed what one side gave"),
             "drop": _("Put a note of give and take away"),
             "restore": _("Brought a note of give and take back")},
            tag="what",
            hints={
                "what": _("The other side reads this and confirms it."),
            },
        ),
        Kind(
            "source", FundingSource, ("name", "kind", "party", "certainty", "movable", "ends_on"),
            "money",
            _("Source of money"), _("New source of money"),
            {"add": _("Noted a source of money"), "change": _("Changed a source of money"),
             "drop": _("Put a source of money away"),
             "restore": _("Brought a source of money back")},
            binding=True, tag="name",
            hints={
                "party": _("Empty: it comes to both sides together."),
                "movable": _("Its money may pay for something else. A grant seldom may."),
            },
        ),
        Kind(
            "line", FundingLine, ("source", "activity", "year", "amount", "currency"), "money",
            _("Sum"), _("New sum"),
            {"add": _("Noted a sum"), "change": _("Changed a sum"),
             "drop": _("Put a sum away"), "restore": _("Brought a sum back")},
            binding=True, tag="amount",
            hints={
                "activity": _("Empty: for whatever is done."),
            },
        ),
        Kind(
            "recommendation", Recommendation,
            ("title", "details", "addressee", "party"), "advice",
            _("Recommendation"), _("New recommendation"),
            {"add": _("Wrote a recommendation"), "change": _("Changed a recommendation"),
             "drop": _("Put a recommendation away"),
             "restore": _("Brought a recommendation back")},
            at=_at_register,
        ),
    )
}  # fmt: skip
