"""People over the API: who calls, seats, invitations."""

from datetime import datetime

from django.http import HttpRequest

from proxeny.accounts import queries
from proxeny.kernel.api import Out, scoped_router

router = scoped_router("people", tag="People")


class Me(Out):
    """Who the token acts for."""

    person: int
    name: str
    language: str
    time_zone: str
    organisations: list[int]
    managed: list[int]
    clusters: list[int]
    partnerships: list[int]
    scopes: list[str]
    created_at: datetime


@router.get("/me", response=Me, summary="Who this token acts for")
def show_me(request: HttpRequest) -> Me:
    """The person and the seat behind the token, and what they reach."""
    reader = request.reader
    person = queries.get_profile(reader)
    return Me(
        person=person.pk, name=person.name, language=person.language, time_zone=person.time_zone,
        organisations=reader.organisations, managed=reader.managed, clusters=reader.clusters,
        partnerships=reader.partnerships, scopes=sorted(request.auth.scopes),
        created_at=person.created_at,
    )  # fmt: skip
