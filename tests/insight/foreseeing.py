"""Shorthands of the tests of foresight: texts of several years, and figures worked out of them."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from proxeny.directory.models import Listing, Project, ProjectPart
from proxeny.insight.models import Snapshot
from proxeny.insight.operations.foresight import PART
from proxeny.insight.operations.refreshing import refresh
from proxeny.insight.pipeline import eyes_of
from tests.factories.calls import CallFactory
from tests.factories.directory import ListingFactory, ProjectFactory, ProjectPartFactory

#: Things that texts are about, each with what each text says of it besides.
RISING, STEADY, FALLING = "digital product passport", "cold chain", "paper catalogue"
_BESIDE = (
    "in Athens",
    "for olive oil",
    "with hotels",
    "of small ports",
    "under water",
    "by rail",
    "for schools",
    "in the Alps",
    "without plastics",
    "at night",
    "on islands",
    "for weavers",
    "with bees",
    "near Lyon",
    "of tanneries",
)


#: What most texts are about, once each.
_ELSE = (
    "wool",
    "honey",
    "salt",
    "glass",
    "tiles",
    "boats",
    "shoes",
    "soap",
    "cheese",
    "bricks",
    "ropes",
    "lace",
    "figs",
    "clocks",
    "drums",
)


def write_texts(world, *, years=range(2018, 2026), else_each=12):
    """Make projects of several years, a few more each year about what rises, and as many fewer
    about what falls; the first member of A is in all of the first year."""
    projects, early = [], []
    for place, year in enumerate(years):
        about = [RISING] * (place + 1) + [STEADY] * 3 + [FALLING] * (len(years) - place)
        about += [_ELSE[(place + number) % len(_ELSE)] for number in range(else_each)]
        for number, topic in enumerate(about):
            beside = _BESIDE[(number + place) % len(_BESIDE)]
            project = ProjectFactory.build(
                steward=world.a.cluster,
                reference=f"{year}-{number}",
                title=f"{topic.capitalize()} {beside} {year}",
                objective=f"Somebody tries a {topic} {beside}, as number {year * 100 + number}.",
                starts_on=date(year, 3, 1),
            )
            projects.append(project)
            early += [project] if place == 0 else []
    Project.objects.bulk_create(projects)
    ProjectPart.objects.bulk_create(
        ProjectPartFactory.build(project=one, organisation=world.a.members[0]) for one in early
    )


def need(organisation, title, **values):
    """Make a published need of an organisation."""
    return ListingFactory(
        organisation=organisation, title=title, direction=Listing.Direction.NEED, **values
    )


def offer(organisation, title, **values):
    """Make a published offer of an organisation."""
    return ListingFactory(organisation=organisation, title=title, **values)


def call(world, title, *, days=40, **values):
    """Make a call that closes so many days from now, brought by A."""
    return CallFactory(
        steward=world.a.cluster,
        title=title,
        closes_at=timezone.now() + timedelta(days=days),
        **values,
    )


def work_out(world, side):
    """Work out the foresight of a side of the room as the job does; return the figures."""
    eyes = eyes_of(side.cluster.pk, world.partnership.pk, today=timezone.localdate())
    refresh(eyes, PART, report=lambda _step, _percent: None)
    return Snapshot.objects.at("foresight", side.cluster.pk, world.partnership.pk).get()


def topic(snapshot, label):
    """Return the figures of a topic of a snapshot, by what it is called."""
    [found] = [one for one in snapshot.content["topics"] if one["label"].casefold() == label]
    return found


def row_of(snapshot, trend):
    """Return a trend's row of the table."""
    [found] = [one for one in snapshot.content["table"] if one["trend"] == trend.pk]
    return found


def at(year):
    """Return a moment of a year."""
    return datetime(year, 5, 1, tzinfo=UTC)
