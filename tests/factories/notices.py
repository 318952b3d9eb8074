"""Factories of notices and of how people want to hear of them."""

import factory

from proxeny.accounts.models import Person
from proxeny.notices.models import Choice, Hours, Notice
from tests.factories.accounts import PersonFactory


class NoticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notice

    person = factory.SubFactory(PersonFactory)
    topic = "meetings"
    key = factory.Sequence(lambda n: f"made:{n}")
    title = factory.Sequence(lambda n: f"A meeting was moved ({n})")
    text = "It is at ten now."
    path = "/events/"
    way = "now"


class ChoiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Choice

    person = factory.SubFactory(PersonFactory)
    topic = "meetings"
    way = "daily"


class HoursFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Hours

    person = factory.SubFactory(PersonFactory)


def want_at_once(topic: str) -> None:
    """Have everybody hear of a topic at once: for tests of what its mail says."""
    for person in Person.objects.exclude(account=None):
        Choice.objects.update_or_create(person=person, topic=topic, defaults={"way": "now"})
