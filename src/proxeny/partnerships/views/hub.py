"""The page of a room’s tab: a card for each page under it, with its figures and newest objects."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.overview import ITEMS, TILES, Item, Tile
from proxeny.partnerships.views.frame import Frame, Page, enter_frame, pages_of, parts_of_rooms


@dataclass(frozen=True, slots=True)
class Card:
    """One page of the room: its figures and newest objects."""

    page: Page
    url: str
    tiles: tuple[Tile, ...]
    items: tuple[Item, ...]
    #: Whether it holds nothing until somebody adds something: other pages are worked out.
    starts_empty: bool

    @property
    def is_used(self) -> bool:
        """Whether it holds anything."""
        return bool(self.items or self.tiles) or not self.starts_empty


@require_GET
@for_people
def show(request: Request, pk: int, part: str) -> HttpResponse:
    """Show what stands under a tab of the room."""
    context = hub_context(enter_frame(request, pk), part, today=timezone.localdate())
    return render(request, "partnerships/room/hub.html", context)


def hub_context(frame: Frame, part: str, *, today: date) -> dict[str, Any]:
    """Return what `partnerships/room/hub.html` needs."""
    cards = cards_of(frame.partnership, part, today=today)
    return {
        **frame.context(part),
        "part_label": next(label for code, label, _pages in parts_of_rooms() if code == part),
        "used": [one for one in cards if one.is_used],
        "unused": [one for one in cards if not one.is_used],
    }


def cards_of(partnership: Partnership, part: str, *, today: date) -> list[Card]:
    """Return the cards of a tab, those in use first. A constant number of queries."""
    cards = [_card(partnership, page, today) for page in pages_of(part)]
    return sorted(cards, key=lambda one: not one.is_used)


def _card(partnership: Partnership, page: Page, today: date) -> Card:
    tiles, items = TILES.get(page.code), ITEMS.get(page.code)
    return Card(
        page=page,
        url=page.url(partnership.pk),
        tiles=tuple(one for one in tiles(partnership, today) if one.value) if tiles else (),
        items=tuple(items(partnership, today)) if items else (),
        starts_empty=bool(page.about and (tiles or items)),
    )
