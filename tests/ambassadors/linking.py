"""What tests of the pages behind a link share: nobody at a browser, and the way to each page."""

from datetime import datetime, timedelta
from html import unescape
from typing import Any

from django.test import Client
from django.utils import timezone

from proxeny.ambassadors.models import Introduction
from proxeny.ambassadors.operations.reminders import ask_later, close_day
from proxeny.kernel.models import Mail
from proxeny.meetings.models import Meeting
from tests.ambassadors.desk import CLAIRE, NOW, agree, ask, book, note, offer, token
from tests.factories.world import World

BOB = "bob@buyer.example"


def path_of(secret: str) -> str:
    """Return the address of a link."""
    return f"/answer/{secret}/"


def claire() -> str:
    """Return the address of the newest link that the stakeholder got."""
    return path_of(token(CLAIRE.email))


def asked(world: World) -> tuple[Introduction, str]:
    """Ask both sides whether they want to meet; return the case and the stakeholder's link."""
    case = note(world)
    ask(case, world)
    return case, claire()


def timed(world: World, *times: datetime) -> tuple[Introduction, str, list[int]]:
    """Let the desk propose times to both; return the case, the link, and their numbers."""
    case = note(world)
    agree(case, world)
    numbers = offer(case, world, *times)
    return case, claire(), numbers


def booked(world: World) -> tuple[Introduction, str]:
    """Book a meeting; return the case and the stakeholder's link for times."""
    case = book(note(world), world)
    return case, claire()


def begin(case: Introduction, *, ago: timedelta = timedelta(hours=3)) -> None:
    """Let the booked meeting have begun some time before the clocks of the pages."""
    starts_at = timezone.now() - ago
    Meeting.objects.filter(pk=case.meeting_id).update(
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45)
    )


def over(world: World) -> tuple[Introduction, str]:
    """Let a booked meeting be over; return the case and the link that asks how it was."""
    case, _path = booked(world)
    begin(case)
    close_day(case.pk, now=timezone.now())
    case.refresh_from_db()
    return case, claire()


def half_a_year_on(world: World) -> tuple[Introduction, str]:
    """Let a held meeting be half a year ago; return the case and the link that asks again."""
    case, _path = over(world)
    begin(case, ago=timedelta(days=190))
    Meeting.objects.filter(pk=case.meeting_id).update(state=Meeting.State.HELD)
    ask_later(case.pk, now=timezone.now())
    return case, claire()


def read(answer: Any) -> str:
    """Return what stands on a page, as people read it."""
    return unescape(answer.content.decode())


def opened(path: str, **headers: str) -> str:
    """Open a link as nobody; return the page."""
    answer = Client().get(path, headers={"accept-language": "en", **headers})
    assert answer.status_code == 200, answer.status_code
    return read(answer)


def english(client: Client) -> Client:
    """Let a browser have chosen English."""
    client.cookies["django_language"] = "en"
    return client


def send(path: str, deed: str, **values: Any) -> Any:
    """Send an answer as nobody, in English; return what comes back."""
    return english(Client()).post(path, {"deed": deed, **values})


def seen(numbers: list[int]) -> str:
    """Return what the form of times remembers of those that it shows."""
    return " ".join(str(one) for one in sorted(numbers))


def kinds(email: str) -> list[str]:
    """Return what the mails to somebody are about, in their order."""
    keys = Mail.objects.filter(recipient=email).order_by("pk").values_list("key", flat=True)
    return [key.split(":")[2] for key in keys]


__all__ = ["BOB", "CLAIRE", "NOW"]
