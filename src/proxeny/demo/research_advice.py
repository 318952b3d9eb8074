"""Recommendations of the demo's studies: based on rows, decided by the other side, done."""

from collections.abc import Mapping
from typing import Any

from proxeny.demo.in_room import InRoom
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.models import Recommendation
from proxeny.partnerships.operations.advice import add_evidence, take_step
from proxeny.research.models import PackageFile
from proxeny.research.operations.advice import rest_on_rows, write_advice
from proxeny.research.rules import Place

type Told = Mapping[str, Any]


def recommend(room: InRoom, study: int, told: Told) -> None:
    """Write a study's recommendations, with their evidence and their outcome."""
    for one in told.get("advice", ()):
        _recommend(room, study, one)


def _recommend(room: InRoom, study: int, told: Told) -> None:
    values = {"title": told["title"], "details": told["details"].strip(), "addressee": "all"}
    made = room.act("b", told["on"], write_advice, study_id=study, values=values)
    rests = told["rests"]
    first, last = rests["rows"]
    room.act(
        "b",
        told["on"],
        rest_on_rows,
        advice_id=made.pk,
        file_id=_file(study, rests["file"]),
        place=Place(first, last, tuple(rests["columns"])),
        text=rests["shows"],
    )
    if "said" in told:
        room.act(
            "b",
            told["on"],
            add_evidence,
            record_id=made.pk,
            kind="interview",
            text=told["said"],
            url="",
        )
    for one in told["steps"]:
        room.act(
            one["who"],
            one["on"],
            take_step,
            record_id=made.pk,
            version=_version(made.pk),
            state=one["state"],
            reason=one.get("reason", ""),
        )
        if one["state"] in ("accepted", "amended"):  # by all: the other side says yes to the same
            other = "a" if one["who"] == "b" else "b"
            room.act(
                other,
                one["on"],
                take_step,
                record_id=made.pk,
                version=_version(made.pk),
                state="accepted",
                reason="",
            )
    for one in told.get("actions", ()):
        # Finished steps are recorded on their own day, never in advance.
        room.add(
            one["side"],
            one.get("done", one["on"]),
            "action",
            origin="advice",
            origin_id=made.pk,
            title=one["title"],
            due_on=room.day(one["due"]),
            party=room.parties[one["side"]],
            done_on=room.day(one["done"]) if "done" in one else None,
        )


def _file(study: int, path: str) -> int:
    with acting_as(SERVICE):
        found = PackageFile.objects.filter(version__package__study_id=study, path=path)
        return found.exclude(version__released_at=None).latest("version__number").pk


def _version(advice: int) -> int:
    with acting_as(SERVICE):
        return Recommendation.objects.values_list("version", flat=True).get(pk=advice)
