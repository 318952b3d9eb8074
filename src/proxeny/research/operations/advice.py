"""Recommendations of studies: written in the shared register, based on rows, and reviewed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Evidence, Recommendation
from proxeny.partnerships.operations import advice as register
from proxeny.partnerships.operations.records import add_record
from proxeny.partnerships.operations.room import enter, own_side
from proxeny.research.models import AdviceReview, PackageFile
from proxeny.research.operations.guards import enter_study
from proxeny.research.queries.advice import get_advice, get_file
from proxeny.research.rows import MOST_ROWS, columns_in, first_row, read_rows
from proxeny.research.rules import FILE, Place

State, Source = Recommendation.State, Recommendation.Source
#: What nobody decides on any more needs no evidence.
OVER = (State.REFUSED, State.DROPPED)


@transaction.atomic
def write_advice(
    *, actor: Reader, partnership_id: int, study_id: int, values: Mapping[str, Any], now: datetime
) -> Recommendation:
    """Write a recommendation of a study as a draft, in the register of the room.

    Parameters
    ----------
    values : mapping
        By column: `title`, `details`, `addressee`, `party`.

    Side effects: an audit row. What becomes of it is decided as of every recommendation
    (`partnerships.operations.advice`).

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        As for every record of the room; or the study is put away.
    """
    entered = enter_study(actor, partnership_id, study_id)
    made = add_record(
        actor=actor, kind="recommendation", partnership_id=partnership_id, values=values, now=now
    )
    assert isinstance(made, Recommendation)  # by its kind  # noqa: S101
    made.source, made.source_id = Source.STUDY, entered.record.pk
    made.save(update_fields=["source", "source_id"])
    return made


@transaction.atomic
def rest_on_rows(
    *,
    actor: Reader,
    partnership_id: int,
    advice_id: int,
    file_id: int,
    place: Place | None,
    text: str,
    now: datetime,
) -> Evidence:
    """Base a recommendation on rows of a released table, or on a whole file.

    Parameters
    ----------
    place : Place, optional
        The rows as counted in the file, and the columns; None for a file that is no table.
    text : str
        What it shows.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for every record of the room; the file is in no released version; the recommendation is
        archived, refused or dropped, or has these rows as evidence already.
    InvalidInput
        There are no such rows or columns, too many, or the text is empty.
    """
    enter(actor, partnership_id)
    get_advice(partnership_id, advice_id)
    # Locked: what is being put away or refused takes no evidence any more.
    advice = Recommendation.objects.select_for_update(of=("self",)).get(pk=advice_id)
    if advice.dropped_at or advice.state in OVER:
        raise Conflict(_("This recommendation is closed. Write a new one instead."))
    file = get_file(partnership_id, file_id)
    if not file.table:
        place = None
    elif place is None:
        raise InvalidInput(_("Enter which rows, such as 5 or 5-7."), field="rows")
    else:
        check_place(file, place)
    return register.add_evidence(
        actor=actor,
        partnership_id=partnership_id,
        record_id=advice.pk,
        kind=Evidence.Kind.DATA,
        text=text,
        url="",
        target=FILE,
        target_id=file.pk,
        place=str(place or ""),
        now=now,
    )


def check_place(file: PackageFile, place: Place) -> None:
    """Refuse rows and columns that a table does not have. It is read as far as the rows go.

    Raises
    ------
    InvalidInput
        With `rows` or `columns` as its field.
    NotFound
        The bytes of the file are gone.
    """
    if place.last < place.first:
        raise InvalidInput(_("The last row comes before the first."), field="rows")
    if place.first < first_row(file.dialect):
        raise InvalidInput(_tell_counting(file), field="rows")
    if place.last - place.first >= MOST_ROWS:
        raise InvalidInput(_("Cite at most %(most)d rows.") % {"most": MOST_ROWS}, field="rows")
    if set(place.columns) - set(columns_in(file.table)) or len(str(place)) > 120:
        raise InvalidInput(
            _("Choose only columns of this table, and not too many."), field="columns"
        )
    found = read_rows(file.sha256, file.dialect, file.table, place.first, place.last)
    numbers = {number for number, _cells in found.rows}
    if not {place.first, place.last} <= numbers:
        raise InvalidInput(_("This table has no such row. Check the row numbers."), field="rows")


def _tell_counting(file: PackageFile) -> str:
    if first_row(file.dialect) == 1:
        return _("Rows are numbered as in the file: the first is row 1.")
    return _(
        "Rows are numbered as in the file: row 1 is the header, so the first data row is row 2."
    )


@transaction.atomic
def look_at(
    *, actor: Reader, partnership_id: int, advice_id: int, note: str, now: datetime
) -> AdviceReview:
    """Record what became of a study's recommendation; the next review is due in a year.

    It changes no state: decisions and adoption are recorded in the usual place.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for every record of the room; it comes from no study, is a draft, or is archived.
    InvalidInput
        The note is empty.
    """
    partnership, parties = enter(actor, partnership_id)
    advice = get_advice(partnership_id, advice_id)
    if advice.dropped_at or advice.source != Source.STUDY or advice.state == State.DRAFT:
        raise Conflict(_("Only recommendations that a study has proposed can be followed up."))
    note = " ".join(note.split())[:1000]
    if not note:
        raise InvalidInput(_("Describe in a sentence what came of it."), field="note")
    made = AdviceReview.objects.create(
        partnership=partnership,
        recommendation=advice,
        looked_on=now.date(),
        person_id=actor.person,
        note=note,
    )
    audit.record(
        actor,
        "look_at_recommendation",
        advice,
        organisation_id=own_side(actor, parties),
        partnership_id=partnership.pk,
        changes={"title": advice.title},
        why=note,
    )
    return made
