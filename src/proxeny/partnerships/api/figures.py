"""Measured key results, give and take, and the rhythm, for programs."""

from datetime import date
from typing import Annotated, Any

from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, IfMatch, In, Named, Out, exact, match_version
from proxeny.kernel.requests import Request
from proxeny.partnerships import exchange, queries
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import Version, enter
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.operations import exchange as exchanging
from proxeny.partnerships.operations import goals
from proxeny.partnerships.room_queries import get_record, list_measurements

Figure = exact(14, 2, least=1 - 10**12, most=10**12 - 1)


class MeasurementIn(In):
    """A figure for a key result."""

    value: Figure
    measured_on: date
    note: Annotated[str, Field(max_length=300)] = ""


class MeasurementOut(MeasurementIn, Out):
    """A recorded figure."""

    id: int


@router.get(
    "/{partnership_id}/key-results/{result_id}/measurements",
    response=list[MeasurementOut],
    summary="List the figures of a key result",
)
def list_figures(request: Request, partnership_id: Id, result_id: Id) -> list[Any]:
    """Returns the figures, newest first."""
    enter(request, partnership_id)
    return list_measurements(get_record(KINDS["key-result"], partnership_id, result_id))


@router.post(
    "/{partnership_id}/key-results/{result_id}/measurements",
    response={201: MeasurementOut},
    summary="Record a figure",
)
def measure(
    request: Request, partnership_id: Id, result_id: Id, figure: MeasurementIn
) -> Status[Any]:
    """Records a figure. A second figure for the same day replaces the first."""
    made = goals.measure(
        actor=request.reader,
        partnership_id=partnership_id,
        result_id=result_id,
        now=timezone.localtime(),
        **figure.model_dump(),
    )
    return Status(201, made)


@router.delete(
    "/{partnership_id}/measurements/{measurement_id}",
    response={204: None},
    summary="Remove a figure",
)
def remove_measurement(request: Request, partnership_id: Id, measurement_id: Id) -> Status[None]:
    """Removes a figure that was recorded by mistake."""
    goals.remove_measurement(
        actor=request.reader, partnership_id=partnership_id, measurement_id=measurement_id
    )
    return Status(204, None)


class GivenOut(Out):
    """The contributions of one party of a kind: counted automatically, and confirmed by the other
    side.
    """

    organisation: Named
    counted: int
    confirmed: int


class ScaleOut(Out):
    """One kind of give and take."""

    kind: str
    parties: list[GivenOut]


@router.get("/{partnership_id}/exchange", response=list[ScaleOut], summary="Get give and take")
def show_exchange(request: Request, partnership_id: Id) -> list[ScaleOut]:
    """Returns contributions by kind and party."""
    partnership = enter(request, partnership_id)
    rows = exchange.weigh(partnership, queries.parties_of(partnership), today=timezone.localdate())
    return [
        ScaleOut(
            kind=row.kind,
            parties=[
                GivenOut(
                    organisation=Named.model_validate(party.organisation),
                    counted=counted,
                    confirmed=confirmed,
                )
                for party, counted, confirmed in row.by_party
            ],
        )
        for row in rows
    ]


class FavourAnswer(In):
    """Whether the contribution that the other side recorded is right, and if not, why."""

    is_right: bool
    why: Annotated[str, Field(max_length=300)] = ""


@router.post(
    "/{partnership_id}/favours/{favour_id}/answer",
    response={204: None},
    summary="Confirm or dispute a contribution",
)
def answer_favour(
    request: Request,
    partnership_id: Id,
    favour_id: Id,
    answer: FavourAnswer,
    if_match: IfMatch = None,
) -> Status[None]:
    """Confirms what the other side recorded, or disputes it with a reason."""
    enter(request, partnership_id)
    current = get_record(KINDS["favour"], partnership_id, favour_id)
    exchanging.answer_favour(
        actor=request.reader,
        partnership_id=partnership_id,
        favour_id=favour_id,
        version=match_version(if_match, current.version),
        now=timezone.localtime(),
        **answer.model_dump(),
    )
    return Status(204, None)


class RhythmIn(In):
    """How often the parties meet.

    If `every_days` is null, they no longer meet regularly. `version` is 0 if there was no rhythm.
    """

    in_person: bool
    every_days: Annotated[int, Field(ge=1, le=exchanging.LONGEST)] | None
    since_on: date
    version: Version


@router.put("/{partnership_id}/rhythm", response={204: None}, summary="Set the rhythm")
def set_rhythm(request: Request, partnership_id: Id, rhythm: RhythmIn) -> Status[None]:
    """Sets how often the parties have catch-ups in general, or face to face."""
    exchanging.set_rhythm(
        actor=request.reader,
        partnership_id=partnership_id,
        now=timezone.localtime(),
        **rhythm.model_dump(),
    )
    return Status(204, None)
