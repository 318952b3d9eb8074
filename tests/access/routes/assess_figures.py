"""How each page of the library of figures is tried."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile

from proxeny.assessments.models import Figure
from proxeny.assessments.operations.fetching import FETCH
from proxeny.kernel.models import Job
from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix
from tests.factories.assessments import FigureFactory, FigureVersionFactory

TABLE = "Year,A\n2024,1\n"


def room(crowd: Crowd) -> dict:
    """Return the room of A and B."""
    return {"pk": crowd.world.partnership.pk}


def figure(crowd: Crowd, *, origin: str = "csv", away: bool = False) -> Figure:
    """Return a figure of A and B that no finding cites, as it was brought; the same each time."""
    title = f"Studios {origin}{' put away' if away else ''}"
    found = Figure.objects.filter(partnership=crowd.world.partnership, title=title).first()
    if found is None:
        found = FigureFactory(
            partnership=crowd.world.partnership,
            title=title,
            origin=origin,
            flow="x",
            agency="ESTAT" if origin == "sdmx" else "",
            url="https://statistics.example/studios",
        )
        FigureVersionFactory(figure=found)
    Figure.objects.filter(pk=found.pk).update(dropped_at=found.created_at if away else None)
    return found


def at(**how: object) -> Callable[[Crowd], dict]:
    """Return what finds a figure."""
    return lambda crowd: room(crowd) | {"figure_id": figure(crowd, **how).pk}


def first(crowd: Crowd) -> dict:
    """Return what finds its first version."""
    return at()(crowd) | {"number": 1}


def job(crowd: Crowd) -> dict:
    """Return a query that an office has answered with nothing."""
    found, _made = Job.objects.get_or_create(
        key="access:figure",
        defaults={
            "kind": FETCH,
            "partnership_id": crowd.world.partnership.pk,
            "state": Job.State.DONE,
            "person_id": crowd.world.a.manager.pk,
            "result": {"refused": "Nothing is there."},
            "arguments": {"query": {"agency": "ESTAT", "flow": "x"}, "facts": {"title": "GDP"}},
        },
    )
    return room(crowd) | {"job_id": found.pk}


def said(crowd: Crowd) -> dict:
    """Return what is said of a figure, and a table."""
    return {
        "title": "GDP",
        "source": "A ministry",
        "url": "https://statistics.example/gdp",
        "licence": "CC0",
        "shape": "line",
        "text": TABLE,
        "keep": "1",
        "version": 1,
    }


def asked(crowd: Crowd) -> dict:
    """Return what is asked of an office; its address is shown first."""
    return {"title": "GDP", "agency": "ESTAT", "flow": "nama_10_gdp", "shape": "line"}


def file() -> SimpleUploadedFile:
    """Return a table as programs send it."""
    return SimpleUploadedFile("table.csv", TABLE.encode())


FIGURES = by_matrix(
    {
        "assessments:figures": Route(room),
        "assessments:figure": Route(at()),
        "assessments:figure-version": Route(first),
        "assessments:figure-file": Route(first),
        "history:show figure": Route(lambda crowd: {"kind": "figure", "pk": figure(crowd).pk}),
        "assessments:figure-fetching": Route(job),
        "assessments:figure-fetch": Route(room, data=asked),
        "assessments:figure-bring": Route(room, data=said),
        "assessments:figure-renew": Route(at(), data=said),
        "assessments:figure-edit": Route(at(), data=said),
        "assessments:figure-refresh": Route(at(origin="sdmx"), posts_only=True),
        "assessments:figure-drop": Route(at(), posts_only=True),
        "assessments:figure-restore": Route(at(away=True), posts_only=True),
    }
)
