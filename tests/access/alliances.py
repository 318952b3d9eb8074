"""The public page of A and B in the crowd's world: its draft, and the version that everybody reads."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.utils import timezone

from proxeny.alliances.models import Page, PageVersion
from tests.factories.alliances import PageFactory, PageVersionFactory
from tests.factories.world import World

Arguments = Callable[[Any], dict]


def fill(world: World) -> None:
    """Give the room of A and B a public page, published."""
    PageFactory(partnership=world.partnership, slug="ports")
    members = [
        {
            "name": one.organisation.name,
            "country": one.organisation.country,
            "party": one.pk,
            "side": one.side,
        }
        for one in world.partnership.parties.select_related("organisation").order_by("side")
    ]
    PageVersionFactory(
        partnership=world.partnership,
        slug="ports",
        published_at=timezone.now(),
        content={
            "headline": "Small ports, clean water",
            "about": "Clean harbours.",
            "members": members,
            "partners": [],
            "goals": [],
            "results": [],
            "since": None,
        },
    )


def by_program(crowd: Any) -> dict:
    """Return the same as programs name it."""
    return {"partnership_id": crowd.world.partnership.pk}


def main() -> Page:
    """Return the draft."""
    return Page.objects.earliest("pk")


def held() -> dict[str, list[Model]]:
    """Return the rows that hold each record, one a table."""
    return {
        "the draft of a public page": [main()],
        "a public page": [PageVersion.objects.earliest("pk")],
    }


#: What a page tells of each, marked; see `records.MARKED`.
MARKED: dict[str, str] = {
    "the draft of a public page": "about",
    "a public page": "title",
}
