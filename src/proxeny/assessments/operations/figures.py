"""A partnership's library of figures: uploads, new versions, changes, archiving."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.assessments.models import Figure, FigureVersion, FindingSource
from proxeny.assessments.operations.catalogue import Entered, enter_team
from proxeny.assessments.queries.figures import get_figure, get_version
from proxeny.assessments.statistics.csv import read_table
from proxeny.assessments.statistics.diff import changes_of
from proxeny.assessments.statistics.series import Series, digest
from proxeny.kernel.addresses import is_address
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.operations.room import CHANGED, note, save_version

_LONGEST = {"title": 200, "source": 300, "url": 500, "licence": 120, "unit": 80}


@dataclass(frozen=True, slots=True)
class FigureFacts:
    """The description of a figure; source, address and licence of an office's figure are fixed."""

    title: str
    unit: str = ""
    shape: str = Figure.Shape.LINE
    source: str = ""
    url: str = ""
    licence: str = ""


def check_facts(facts: FigureFacts, *, origin: str) -> FigureFacts:
    """Return a figure's description without spaces around it.

    Raises
    ------
    InvalidInput
        No title; no source, address or licence of a table; too long; not an address.
    """
    values = {name: value.strip() for name, value in asdict(facts).items()}
    if not values["title"]:
        raise InvalidInput(_("Describe in a few words what the figure shows."), field="title")
    if values["shape"] not in Figure.Shape.values:
        raise InvalidInput(_("Choose lines, bars or a table."), field="shape")
    if origin == Figure.Origin.CSV:
        _refuse_unsaid(values)
    for name, most in _LONGEST.items():
        if len(values[name]) > most:
            raise InvalidInput(
                _("Shorten this to %(most)d characters.") % {"most": most}, field=name
            )
    return FigureFacts(**values)


def _refuse_unsaid(values: dict[str, str]) -> None:
    if not values["source"]:
        raise InvalidInput(_("Enter the publisher of these figures."), field="source")
    if not values["licence"]:
        raise InvalidInput(
            _(
                "Enter the licence they may be used under, for instance CC BY 4.0, or “own "
                "figures”."
            ),
            field="licence",
        )
    if not is_address(values["url"]):
        raise InvalidInput(
            _("Enter the web address of these figures, such as https://statistics.example/table."),
            field="url",
        )


@transaction.atomic
def bring_table(
    *,
    actor: Reader,
    partnership_id: int,
    facts: FigureFacts,
    text: str,
    now: datetime,
    decimal: str = "",
) -> Figure:
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
    note(actor, "bring_figure", entered, figure, changes={"title": figure.title})
    return figure


def _add_version(
    actor: Reader,
    figure: Figure,
    series: Series,
    *,
    number: int,
    query: str,
    now: datetime,
    changes: dict[str, Any] | None = None,
) -> FigureVersion:
    return FigureVersion.objects.create(
        figure=figure,
        partnership_id=figure.partnership_id,
        number=number,
        query=query,
        series=series,
        changes=changes or {},
        sha256=digest(series),
        brought_by_id=actor.person,
        brought_at=now,
    )


def hold_figure(
    actor: Reader, figure_id: int, *, version: int | None = None, away: bool = False
) -> tuple[Entered, Figure]:
    """Return a figure of the actor's teams, locked until the transaction ends.

    Parameters
    ----------
    version : int, optional
        The version that the actor has seen.
    away : bool
        Whether an archived one is meant.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen, not of a team, the partnership is over; it is archived (or not), changed since.
    """
    entered = enter_team(actor, get_figure(figure_id).partnership_id)
    figure = Figure.objects.select_for_update().filter(pk=figure_id).first()
    if figure is None:
        raise NotFound(_("We couldn’t find this figure."))
    if version is not None and figure.version != version:
        raise Conflict(CHANGED)
    if bool(figure.dropped_at) != away:
        raise Conflict(
            _("This figure isn’t archived.")
            if away
            else _("This figure is archived. Restore it first.")
        )
    return entered, figure


@transaction.atomic
def renew_table(
    *, actor: Reader, figure_id: int, text: str, now: datetime, decimal: str = ""
) -> FigureVersion | None:
    """Add a version to a figure that was uploaded as a table; None if nothing has changed.

    Side effects: an audit row, also if nothing has changed.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `hold_figure`; the figure is fetched from an office.
    InvalidInput
        A cell does not fit; nothing is stored.
    """
    entered, figure = hold_figure(actor, figure_id)
    if figure.origin != Figure.Origin.CSV:
        raise Conflict(
            _("This figure is fetched from a statistical office. Refresh it from there.")
        )
    return keep_version(actor, entered, figure, read_whole(text, decimal), query="", now=now)


def keep_version(
    actor: Reader, entered: Entered, figure: Figure, series: Series, *, query: str, now: datetime
) -> FigureVersion | None:
    """Add a version with its difference to a locked figure; None where it says the same."""
    last = get_version(figure)
    if last.sha256 == digest(series):
        note(actor, "check_figure", entered, figure, changes={"checked_at": now.isoformat()})
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
    note(actor, "refresh_figure", entered, figure, changes={"number": made.number, **counts})
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
        name: [getattr(figure, name), value]
        for name, value in values.items()
        if getattr(figure, name) != value
    }
    if changes:
        save_version(figure, **values)
        note(actor, "change_figure", entered, figure, changes=changes)
    return figure


@transaction.atomic
def drop_figure(*, actor: Reader, figure_id: int, now: datetime) -> Figure:
    """Archive a figure; it can be restored.

    Side effects: an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `hold_figure`; a finding cites it, also one that the actor may not see.
    """
    entered, figure = hold_figure(actor, figure_id)
    with as_service("A finding that a conflict of interest hides also keeps its figure."):
        cited = FindingSource.objects.filter(figure__figure=figure, finding__dropped_at=None)
        if cited.exists():
            raise Conflict(_("A finding is based on this figure, so it can’t be archived."))
    save_version(figure, dropped_at=now)
    note(actor, "drop_figure", entered, figure, changes={"title": figure.title})
    return figure


@transaction.atomic
def restore_figure(*, actor: Reader, figure_id: int, now: datetime) -> Figure:
    """Restore an archived figure. Side effects: an audit row. Errors as of `hold_figure`."""
    entered, figure = hold_figure(actor, figure_id, away=True)
    save_version(figure, dropped_at=None)
    note(actor, "restore_figure", entered, figure, changes={"title": figure.title})
    return figure
