"""Key results measured, give and take, the rhythm, by program."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, IfMatch, In, Named, Out, exact, match_version
from proxeny.partnerships import exchange, queries
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import Version, enter
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.operations import exchange as exchanging
from proxeny.partnerships.operations import goals
from proxeny.partnerships.room_queries import get_record, list_measurements

Figure = exact(14, 2, least=1 - 10**12, most=10**12 - 1)


class MeasurementIn(In):
    """A figure of a key result."""

    value: Figure
    measured_on: date
    note: Annotated[str, Field(max_length=300)] = ""


class MeasurementOut(MeasurementIn, Out):
    """A figure as it was noted."""

    id: int


@router.get(
    "/{partnership_id}/key-results/{result_id}/measurements", response=list[MeasurementOut],
    summary="Figures of a key result",
)  # fmt: skip
def list_figures(request: HttpRequest, partnership_id: Id, result_id: Id) -> list[Any]:
    """The newest first."""
    enter(request, partnership_id)
    return list_measurements(get_record(KINDS["key-result"], partnership_id, result_id))


@router.post(
    "/{partnership_id}/key-results/{result_id}/measurements", response={201: MeasurementOut},
    summary="Note a figure",
)  # fmt: skip
def measure(
    request: HttpRequest, partnership_id: Id, result_id: Id, figure: MeasurementIn
) -> Status[Any]:
    """A second figure of the same day takes the place of the first."""
    made = goals.measure(
        actor=request.reader, partnership_id=partnership_id, result_id=result_id,
        now=timezone.localtime(), **figure.model_dump(),
    )  # fmt: skip
    return Status(201, made)


@router.delete(
    "/{partnership_id}/measurements/{measurement_id}", response={204: None},
    summary="Take a figure back",
)  # fmt: skip
def remove_measurement(
    request: HttpRequest, partnership_id: Id, measurement_id: Id
) -> Status[None]:
    """It was noted by mistake."""
    goals.remove_measurement(
        actor=request.reader, partnership_id=partnership_id, measurement_id=measurement_id
    )
    return Status(204, None)


class GivenOut(Out):
    """What one party gave of a kind: counted from what happened, and confirmed by the other."""

    organisation: Named
    counted: int
    confirmed: int


class ScaleOut(Out):
    """One kind of give and take."""

    kind: str
    parties: list[GivenOut]


@router.get("/{partnership_id}/exchange", response=list[ScaleOut], summary="Give and take")
def show_exchange(request: HttpRequest, partnership_id: Id) -> list[ScaleOut]:
    """By kind and party."""
    partnership = enter(request, partnership_id)
    rows = exchange.weigh(partnership, queries.parties_of(partnership), today=timezone.localdate())
    return [
        ScaleOut(
            kind=row.kind,
            parties=[
                GivenOut(organisation=Named.model_validate(party.organisation), counted=counted,
                         confirmed=confirmed)
                for party, counted, confirmed in row.by_party
            ],
        )
        for row in rows
    ]  # fmt: skip


class FavourAnswer(In):
    """Whether what the other side noted is so, and if not, why."""

    is_right: bool
    why: Annotated[str, Field(max_length=300)] = ""


@router.post(
    "/{partnership_id}/favours/{favour_id}/answer", response={204: None},
    summary="Confirm what the other side noted",
)  # fmt: skip
def answer_favour(
    request: HttpRequest, partnership_id: Id, favour_id: Id, answer: FavourAnswer,
    if_match: IfMatch = None,
) -> Status[None]:  # fmt: skip
    """Or say why it is not so."""
    enter(request, partnership_id)
    current = get_record(KINDS["favour"], partnership_id, favour_id)
    exchanging.answer_favour(
        actor=request.reader, partnership_id=partnership_id, favour_id=favour_id,
        version=match_version(if_match, current.version), now=timezone.localtime(),
        **answer.model_dump(),
    )  # fmt: skip
    return Status(204, None)


class RhythmIn(In):
    """How often the parties meet; null: not any more. `version` 0: there was none."""

    in_person: bool
    every_days: Annotated[int, Field(ge=1, le=exchanging.LONGEST)] | None
    since_on: date
    version: Version


@router.put("/{partnership_id}/rhythm", response={204: None}, summary="Agree on a rhythm")
def set_rhythm(request: HttpRequest, partnership_id: Id, rhythm: RhythmIn) -> Status[None]:
    """Of catch-ups at all, or face to face."""
    exchanging.set_rhythm(
        actor=request.reader, partnership_id=partnership_id, now=timezone.localtime(),
        **rhythm.model_dump(),
    )  # fmt: skip
    return Status(204, None)
