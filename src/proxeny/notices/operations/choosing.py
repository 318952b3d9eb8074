"""Changes to a person's notification settings: by topic, and by hour."""

from collections.abc import Mapping

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.kernel.errors import InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.notices.models import Choice, Hours, Way
from proxeny.notices.queries import ways_of
from proxeny.notices.topics import TOPIC

#: In a link: all topics of the daily or weekly mail.
DIGESTS = "digests"
_SALT = "proxeny.notices"
_HOURS = ("digest_hour", "quiet_from", "quiet_until")


def make_token(person_id: int, topic: str) -> str:
    """Return a token that lets the recipient of a mail set its topic's delivery without a sign-in.

    It never expires, because mails are kept and a dead link would offer no way to unsubscribe. The
    token of the same topic and person is always the same, so a mail written again is identical.
    """
    return signing.Signer(salt=_SALT).sign_object([person_id, topic])


def read_token(token: str) -> tuple[Person, str]:
    """Return the person and the topic of a link.

    Raises
    ------
    NotFound
        It is not one of ours, or the person is gone.
    """
    try:
        person_id, topic = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        person_id, topic = 0, ""
    with as_service("The holder of a signed link has no sign-in: the link tells who they are."):
        person = Person.objects.filter(pk=person_id, erased_at=None).first()
    if person is None or not (topic in TOPIC or topic == DIGESTS):
        raise NotFound(_("This link is no longer valid. Sign in and choose on your page."))
    return person, topic


def choose_way(*, token: str, way: str) -> None:
    """Save the delivery choice of a link's recipient for its topic. They need not be signed in.

    A link in a daily or weekly mail applies to all topics in it.

    Raises
    ------
    NotFound
        As `read_token`.
    InvalidInput
        There is no such choice.
    """
    person, topic = read_token(token)
    _check(way)
    with as_service("The holder of a signed link has no sign-in, and chooses for themselves."):
        topics = [topic] if topic in TOPIC else digest_topics(person.pk)
        for name in topics:
            Choice.objects.update_or_create(
                person=person, topic=name, defaults={"way": TOPIC[name].nearest(way)}
            )


def digest_topics(person_id: int) -> list[str]:
    """Return the topics of which a person hears once a day or once a week."""
    ways = ways_of(person_id)
    return [name for name, way in ways.items() if way in (Way.DAILY, Way.WEEKLY)]


@transaction.atomic
def choose_ways(*, actor: Reader, ways: Mapping[str, str]) -> None:
    """Note how the actor wants to hear of some topics.

    Raises
    ------
    NotAllowed
        Nobody is signed in.
    InvalidInput
        There is no such topic or way.
    """
    person_id = _own(actor)
    for topic, way in ways.items():
        if topic not in TOPIC:
            raise InvalidInput(_("We couldn’t find this topic."), field="topic")
        _check(way)
        Choice.objects.update_or_create(
            person_id=person_id, topic=topic, defaults={"way": TOPIC[topic].nearest(way)}
        )


def choose_less(*, actor: Reader) -> None:
    """Have everything that comes at once come once a day instead."""
    now = [name for name, way in ways_of(_own(actor)).items() if way == Way.NOW]
    choose_ways(actor=actor, ways=dict.fromkeys(now, Way.DAILY))


def choose_hours(
    *,
    actor: Reader,
    digest_hour: int,
    digest_weekday: int,
    quiet_from: int,
    quiet_until: int,
    is_quiet_at_weekends: bool,
    shows_deadlines: bool,
) -> Hours:
    """Save the hours for mails in the actor's time zone, and the contents of their calendar.

    Parameters
    ----------
    digest_hour, quiet_from, quiet_until : int
        Hours of a day, 0 to 23; the same hour twice is no quiet time.
    digest_weekday : int
        1 (Monday) to 7.

    Raises
    ------
    NotAllowed
        Nobody is signed in.
    InvalidInput
        An hour or a day that there is not.
    """
    values = {
        "digest_hour": digest_hour,
        "digest_weekday": digest_weekday,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "is_quiet_at_weekends": is_quiet_at_weekends,
        "shows_deadlines": shows_deadlines,
    }
    for name in _HOURS:
        if not 0 <= int(values[name]) <= 23:
            raise InvalidInput(_("Enter an hour from 0 to 23."), field=name)
    if not 1 <= digest_weekday <= 7:
        raise InvalidInput(_("Choose a day of the week."), field="digest_weekday")
    person_id = _own(actor)
    hours, _made = Hours.objects.update_or_create(person_id=person_id, defaults=values)
    return hours


def _check(way: str) -> None:
    if way not in Way.values:
        raise InvalidInput(_("Choose one of the options."), field="way")


def _own(actor: Reader) -> int:
    if actor.person is None:
        raise NotAllowed(_("Sign in to choose."))
    return actor.person
