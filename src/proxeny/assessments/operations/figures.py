"""A partnership's library of figures: brought as a table, renewed, changed, put away."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.assessments.models import Figure, FigureVersion, FindingSource
from proxeny.assessments.operations.catalogue import Entered, enter_team
from proxeny.assessments.operations.entering import CHANGED
from proxeny.assessments.queries.figures import get_figure, get_version
from proxeny.assessments.statistics.csv import read_table
from proxeny.assessments.statistics.diff import changes_of
from proxeny.assessments.statistics.series import Series, digest
from proxeny.kernel import audit
from proxeny.kernel.addresses import is_address
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader, as_service

_LONGEST = {"title": 200, "source": 300, "url": 500, "licence": 120, "unit": 80}


@dataclass(frozen=True, slots=True)
class FigureFacts:
    """What people say of a figure; of one from an office, source, address and licence are its own."""

    title: str
    unit: str = ""
    shape: str = Figure.Shape.LINE
    source: str = ""
    url: str = ""
    licence: str = ""


def check_facts(facts: FigureFacts, *, origin: str) -> FigureFacts:
    """Return what is said of a figure without spaces around it.

    Raises
    ------
    InvalidInput
        No title; no source, address or licence of a table; too long; not an address.
    """
    values = {name: value.strip() for name, value in asdict(facts).items()}
    if not values["title"]:
        raise InvalidInput(_("Say in a few words what the figure shows."), field="title")
    if values["shape"] not in Figure.Shape.values:
        raise InvalidInput(_("Choose lines, bars or a table."), field="shape")
    if origin == Figure.Origin.CSV:
        _refuse_unsaid(values)
    for name, most in _LONGEST.items():
        if len(values[name]) > most:
            raise InvalidInput(_("Shorten this to %(most)d letters.") % {"most": most}, field=name)
    return FigureFacts(**values)


def _refuse_unsaid(values: dict[str, str]) -> None:
    if not values["source"]:
        raise InvalidInput(_("Say who publishes these figures."), field="source")
    if not values["licence"]:
        raise InvalidInput(
            _("Say under what licence they may be used, for instance CC BY 4.0; or “own figures”."),
            field="licence",
        )
    if not is_address(values["url"]):
        raise InvalidInput(
            _(
                "Enter the address where these figures stand, like https://statistics.example/table."
            ),
            field="url",
        )


@transaction.atomic
def bring_table(
    *, actor: Reader, partnership_id: int, facts: FigureFacts, text: str, now: datetime,
    decimal: str = "",
) -> Figure:  # fmt: skip
    """Keep a table of values as a figure of a partnership's library, with its first version.

    Parameters
    ----------
    text : str
        The table, as `statistics.csv.read_table` reads it.

    Side effects: an audit row that both sides read.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_team`.
    InvalidInput
        Title, source, address or licence are missing, or a cell does not fit; nothing is kept.
    """
    entered = enter_team(actor, partnership_id)
    facts = check_facts(facts, origin=Figure.Origin.CSV)
    series = read_whole(text, decimal)
    figure = Figure(partnership=entered.partnership, origin=Figure.Origin.CSV, **asdict(facts))
    return add_figure(actor, entered, figure, series, query="", now=now)


def read_whole(text: str, decimal: str) -> Series:
    """Return the lines of a table all of whose cells fit; `InvalidInput` names the first that does not."""
    brought = read_table(text, decimal=decimal)
    if brought.problems:
        first = brought.problems[0]
        place = (
            _("Row %(row)d, column %(column)s: %(reason)s")
            if first.column
            else _("Row %(row)d: %(reason)s")
        )
        raise InvalidInput(
            place % {"row": first.row, "column": first.column, "reason": first.reason}, field="text"
        )
    return brought.series


def add_figure(
    actor: Reader, entered: Entered, figure: Figure, series: Series, *, query: str, now: datetime
) -> Figure:
    """Save a new figure with its first version, and write the audit row."""
    figure.created_at = now
    figure.save()
    _add_version(actor, figure, series, number=1, query=query, now=now)
    note_figure(actor, "bring_figure", entered, figure, changes={"title": figure.title})
    return figure


def _add_version(
    actor: Reader, figure: Figure, series: Series, *, number: int, query: str, now: datetime,
    changes: dict[str, Any] | None = None,
) -> FigureVersion:  # fmt: skip
    return FigureVersion.objects.create(
        figure=figure, partnership_id=figure.partnership_id, number=number, query=query,
        series=series, changes=changes or {}, sha256=digest(series), brought_by_id=actor.person,
        brought_at=now,
    )  # fmt: skip


def note_figure(
    actor: Reader, verb: str, entered: Entered, figure: Figure, *,
    changes: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write the audit row of what was done with a figure."""
    audit.record(
        actor, verb, figure, organisation_id=entered.mine.organisation_id,
        partnership_id=figure.partnership_id, changes=changes,
    )  # fmt: skip


def hold_figure(
    actor: Reader, figure_id: int, *, version: int | None = None, away: bool = False
) -> tuple[Entered, Figure]:
    """Return a figure of the actor's teams, locked until the transaction ends.

    Parameters
    ----------
    version : int, optional
        The version that the actor has seen.
    away : bool
        Whether one that is put away is meant.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen, not of a team, the partnership is over; it is put away (or not), changed since.
    """
    entered = enter_team(actor, get_figure(figure_id).partnership_id)
    figure = Figure.objects.select_for_update().filter(pk=figure_id).first()
    if figure is None:
        raise NotFound(_("There is no such figure."))
    if version is not None and figure.version != version:
        raise Conflict(CHANGED)
    if bool(figure.dropped_at) != away:
        raise Conflict(
            _("This figure is not put away.") if away
            else _("This figure was put away. Bring it back first.")
        )  # fmt: skip
    return entered, figure


def write_figure(figure: Figure, **values: Any) -> None:
    """Write fields of a locked figure and raise its version."""
    values |= {"version": figure.version + 1}
    for name, value in values.items():
        setattr(figure, name, value)
    figure.save(update_fields=list(values))


@transaction.atomic
def renew_table(
    *, actor: Reader, figure_id: int, text: str, now: datetime, decimal: str = ""
) -> FigureVersion | None:
    """Add a version to a figure that was brought as a table; None where nothing has changed.

    Side effects: an audit row, also where nothing has changed.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `hold_figure`; the figure is fetched from an office.
    InvalidInput
        A cell does not fit; nothing is kept.
    """
    entered, figure = hold_figure(actor, figure_id)
    if figure.origin != Figure.Origin.CSV:
        raise Conflict(_("This figure is fetched from a statistical office. Refresh it there."))
    return keep_version(actor, entered, figure, read_whole(text, decimal), query="", now=now)


def keep_version(
    actor: Reader, entered: Entered, figure: Figure, series: Series, *, query: str, now: datetime
) -> FigureVersion | None:
    """Add a version with its difference to a locked figure; None where it says the same."""
    last = get_version(figure)
    if last.sha256 == digest(series):
        note_figure(actor, "check_figure", entered, figure, changes={"checked_at": now.isoformat()})
        return None
    changes = changes_of(last.series, series)
    made = _add_version(
        actor, figure, series, number=last.number + 1, query=query, now=now, changes=changes
    )
    counts = {
        "added": changes["added"],
        "gone": changes["gone"],
        "changed": changes["changed_count"],
    }
    note_figure(actor, "refresh_figure", entered, figure, changes={"number": made.number, **counts})
    return made


@transaction.atomic
def change_figure(
    *, actor: Reader, figure_id: int, version: int, facts: FigureFacts, now: datetime
) -> Figure:
    """Change what is said of a figure; its values stay. Of an office's figure its source stays, too.

    Side effects: an audit row, if anything is otherwise.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `hold_figure`.
    InvalidInput
        As of `check_facts`.
    """
    entered, figure = hold_figure(actor, figure_id, version=version)
    values = asdict(check_facts(facts, origin=figure.origin))
    if figure.origin == Figure.Origin.SDMX:
        values = {name: values[name] for name in ("title", "unit", "shape")}
    changes = {
        name: [getattr(figure, name), value] for name, value in values.items()
        if getattr(figure, name) != value
    }  # fmt: skip
    if changes:
        write_figure(figure, **values)
        note_figure(actor, "change_figure", entered, figure, changes=changes)
    return figure


@transaction.atomic
def drop_figure(*, actor: Reader, figure_id: int, now: datetime) -> Figure:
    """Put a figure away; it can be brought back.

    Side effects: an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `hold_figure`; a finding cites it, also one that the actor may not see.
    """
    entered, figure = hold_figure(actor, figure_id)
    with as_service():
        cited = FindingSource.objects.filter(figure__figure=figure, finding__dropped_at=None)
        if cited.exists():
            raise Conflict(_("A finding rests on this figure, so it stays."))
    write_figure(figure, dropped_at=now)
    note_figure(actor, "drop_figure", entered, figure, changes={"title": figure.title})
    return figure


@transaction.atomic
def restore_figure(*, actor: Reader, figure_id: int, now: datetime) -> Figure:
    """Bring a figure back that was put away. Side effects: an audit row. Errors as of `hold_figure`."""
    entered, figure = hold_figure(actor, figure_id, away=True)
    write_figure(figure, dropped_at=None)
    note_figure(actor, "restore_figure", entered, figure, changes={"title": figure.title})
    return figure
