"""How each page of what leaves a room and comes in is tried."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from proxeny.research.models import Arrival, DataRequest
from tests.access.crowd import Crowd
from tests.access.places import room
from tests.access.research import at, publication
from tests.access.routes._route import Route, by_matrix


def request_of(*, state: str = "asked") -> DataRequest:
    """Return who asks for data of A and B, in a state; the same each time."""
    until = timezone.localdate() + timedelta(days=9) if state == "granted" else None
    DataRequest.objects.order_by("pk").update(state=state, until=until)
    return DataRequest.objects.earliest("pk")


def asked(state: str = "asked"):
    """Return what finds a request."""
    return lambda crowd: room(crowd) | {"request_id": request_of(state=state).pk}


def arrival(crowd: Crowd) -> dict:
    """Return what finds the study from elsewhere."""
    return room(crowd) | {"arrival_id": Arrival.objects.earliest("pk").pk}


def archive(crowd: Crowd) -> dict:
    """Return an archive as a form sends it."""
    return {"file": SimpleUploadedFile("study.zip", b"PK\x03\x04 none")}


def day(crowd: Crowd) -> dict:
    """Return until when somebody is let in."""
    return {"seen": 1, "until": (timezone.localdate() + timedelta(days=9)).isoformat()}


def why(crowd: Crowd) -> dict:
    """Return why somebody is not."""
    return {"seen": 1, "reason": "It does not fit."}


def withdraw(crowd: Crowd) -> dict:
    """Return why a study is withdrawn."""
    publication()
    return {"reason": "A row was wrong."}


PUBLICATIONS = by_matrix(
    {
        "research:publication": Route(at()),
        "research:publication-ask": Route(at(), data=lambda _: {"seen": "0" * 64}, posts_only=True),
        "research:publication-withdraw": Route(at(), data=withdraw, posts_only=True),
        "research:crate": Route(at()),
        "research:requests": Route(room),
        "research:request": Route(asked()),
        "research:request-grant": Route(asked(), data=day, posts_only=True),
        "research:request-refuse": Route(asked(), data=why, posts_only=True),
        "research:request-revoke": Route(asked("granted"), data=why, posts_only=True),
        "research:arrivals": Route(room, data=archive),
        "research:arrival": Route(arrival),
        "research:arrival-take": Route(arrival, posts_only=True),
        "research:arrival-leave": Route(arrival, posts_only=True),
    }
)
