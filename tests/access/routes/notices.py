"""How each page is tried: what people were told, and how they want to be told."""

from proxeny.notices.models import Notice
from proxeny.notices.operations.choosing import make_token
from proxeny.notices.topics import TOPICS
from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix


def _told(crowd: Crowd) -> dict:
    return {"pk": Notice.objects.get().pk}


def _token(crowd: Crowd) -> dict:
    return {"token": make_token(crowd.world.a.representatives[0].pk, "meetings")}


def _hours(_: Crowd) -> dict:
    return {"digest_hour": 7, "digest_weekday": 1, "quiet_from": 0, "quiet_until": 0}


NOTICES = by_matrix(
    {
        "notices:list": Route(),
        "notices:read-all": Route(posts_only=True),
        "notices:open": Route(_told, statuses=(302,)),
        "notices:unread": Route(_told, posts_only=True),
        "notices:choices": Route(),
        "notices:ways": Route(
            posts_only=True, data=lambda _: dict.fromkeys([one.name for one in TOPICS], "daily")
        ),
        "notices:hours": Route(posts_only=True, data=_hours),
        "notices:less": Route(posts_only=True),
    }
)
PUBLIC = by_matrix(
    {
        "notices:fewer": Route(lambda _: {"token": "unknown"}, statuses=(404,)),
        # Whoever got a mail chooses for its reader, of one topic, and reads nothing.
        "notices:fewer known": Route(_token),
    }
)
