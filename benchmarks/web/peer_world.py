"""Fills pretalx with the same event. Run by its own Python (`python peer_world.py`), not by ours."""

import datetime as dt
import json
import os
import sys
import zoneinfo
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pretalx.settings")

import django

django.setup()

from django_scopes import scope, scopes_disabled  # noqa: E402
from pretalx.event.domain.event import create_event  # noqa: E402
from pretalx.event.domain.organiser import create_organiser_with_team  # noqa: E402
from pretalx.person.domain.user import create_user  # noqa: E402
from pretalx.person.models import SpeakerProfile, User  # noqa: E402
from pretalx.schedule.domain.release import freeze_schedule  # noqa: E402
from pretalx.schedule.domain.slot import move_slot  # noqa: E402
from pretalx.schedule.models import Room  # noqa: E402
from pretalx.submission.domain.submission import create_submission  # noqa: E402
from pretalx.submission.models import Submission  # noqa: E402
from shared_world import DAY, DAYS, PEOPLE, ROOMS, SLOT_MIN, ZONE, meetings, name_of  # noqa: E402

SLUG = "days"


def fill() -> dict[str, str]:
    """Write the event and publish its schedule; return the address of one talk."""
    owner = User.objects.create_superuser(email="owner@example.org", password="an-owner-2026")  # noqa: S106
    organiser, team = create_organiser_with_team(name="Two clusters", slug="two", users=[owner])
    with scopes_disabled():
        event = create_event(
            organiser=organiser,
            locales=["en"],
            name="Days of meetings",
            slug=SLUG,
            is_public=True,
            date_from=DAY,
            date_to=DAY + dt.timedelta(days=DAYS - 1),
            timezone=ZONE,
            email="org@example.org",
            locale="en",
        )
    with scope(event=event):
        team.limit_events.add(event)
        rooms = [
            Room.objects.create(event=event, name=f"Table {n + 1}", position=n)
            for n in range(ROOMS)
        ]
        speakers = [_speaker(event, n) for n in range(PEOPLE)]
        kind = event.submission_types.first()
        kind.default_duration = SLOT_MIN
        kind.save()
        for one in meetings():
            talk = _talk(event, kind, one, [speakers[one.first], speakers[one.second]])
            start = dt.datetime.combine(one.day, one.starts, tzinfo=zoneinfo.ZoneInfo(ZONE))
            move_slot(talk.slots.first(), start, room=rooms[one.room])
        freeze_schedule(event.wip_schedule, "v1.0", notify_speakers=False)
        return {"talk": f"/{SLUG}/talk/{talk.code}/", "title": talk.title}


def _speaker(event: object, number: int) -> object:
    user = create_user(email=f"p{number}@example.org", name=name_of(number))
    return SpeakerProfile.objects.create(
        user=user, event=event, name=name_of(number), biography="Makes what others look for."
    )


def _talk(event: object, kind: object, one: object, speakers: list) -> object:
    talk = create_submission(
        submission=Submission(
            event=event,
            title=one.title,
            submission_type=kind,
            state="confirmed",
            abstract="They meet for the first time.",
            content_locale="en",
        ),
        user=speakers[0].user,
        orga=True,
    )
    talk.speakers.set(speakers)
    return talk


if __name__ == "__main__":
    print("FILLED", json.dumps(fill()))
