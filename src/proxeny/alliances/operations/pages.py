"""Editing of the draft of a public page: its texts, and its contents."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from proxeny.alliances.models import Page, PageVersion
from proxeny.alliances.offers import Offer, first_choice, offers_of
from proxeny.alliances.queries.pages import (
    get_page,
    get_waiting,
    is_waiting,
    list_versions,
    text_of,
)
from proxeny.alliances.queries.together import Together, read_together
from proxeny.alliances.rules import slug_of
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.operations import guards
from proxeny.partnerships.operations.room import enter, own_side

#: The words of a page; `shown` says what it tells besides.
WORDS = ("headline", "about", "audience", "joining", "contact", "language", "slug")


@transaction.atomic
def write_page(
    *, actor: Reader, partnership_id: int, version: int, values: Mapping[str, Any], now: datetime
) -> Page:
    """Write the draft of a room's page; only what `values` names. The team of a party may.

    What waits for signatures, and what is published, stays as it is.

    Parameters
    ----------
    version : int
        The version that the actor has seen; 0 for a page that doesn't exist yet.
    values : mapping
        Of `WORDS`, and `shown` as keys.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not take part.
    Conflict
        The partnership is over, or somebody changed the page since.
    InvalidInput
        A value does not hold, or the address is another page's; its field is with the error.
    """
    partnership, parties = enter(actor, partnership_id)
    # If two people start a page at once, the second waits here.
    guards.lock(partnership_id)
    page = get_page(partnership_id)
    if page.version != version:
        raise Conflict(
            _("Someone else has changed this since you opened it. What you wrote is kept here.")
        )
    offers = offers_of(_together(partnership, parties, now))
    before = _plain(page, offers)
    _set_words(page, values)
    if "shown" in values:
        page.shown = _choose(page, values["shown"], offers)
    elif not page.version:
        page.shown = first_choice(offers)
    page.slug = page.slug or _free_slug(page)
    _refuse_address(page, partnership)
    _validate(page)
    changes = {
        name: [old, new]
        for name, new in _plain(page, offers).items()
        if (old := before[name]) != new
    }
    if changes or not page.version:
        page.version += 1
        _save(page)
        audit.record(
            actor,
            "write_page",
            page,
            organisation_id=own_side(actor, parties),
            partnership_id=partnership.pk,
            changes=changes,
        )
    return page


def _together(partnership: Partnership, parties: Sequence[Party], now: datetime) -> Together:
    versions = list_versions(partnership.pk)
    return read_together(partnership, parties, versions, today=now.date())


def _plain(page: Page, offers: Collection[Offer]) -> dict[str, Any]:
    """Return the saved values, with titles for keys, as the history is read by people."""
    titles = {one.key: one.title for one in offers}
    shown = [titles[key] for key in page.shown if key in titles]
    return {name: getattr(page, name) for name in WORDS} | {"shown": shown}


def _set_words(page: Page, values: Mapping[str, Any]) -> None:
    for name in WORDS:
        if name in values:
            text = str(values[name])
            is_long = isinstance(Page._meta.get_field(name), models.TextField)
            setattr(page, name, text.strip() if is_long else " ".join(text.split()))
    page.contact, page.slug = page.contact.lower(), page.slug.lower()


def _choose(page: Page, keys: Collection[str], offers: Collection[Offer]) -> list[str]:
    """Return the selected contents, in the order offered; those no longer there are dropped."""
    known = [one.key for one in offers]
    if set(keys) - {*known, *page.shown}:
        raise InvalidInput(_("Choose an option from the list."), field="shown")
    return [one for one in known if one in set(keys)]


def _free_slug(page: Page) -> str:
    slug = slug_of(page)
    return f"{slug}-{page.partnership_id}" if _is_taken(page, slug) else slug


def _is_taken(page: Page, slug: str) -> bool:
    with as_service("Addresses are unique across all pages, even those hidden from the reader."):
        return Page.objects.filter(slug=slug).exclude(pk=page.pk).exists()


def _refuse_address(page: Page, partnership: Partnership) -> None:
    """Refuse an address that another page has, or another one than the world knows."""
    versions = PageVersion.objects.filter(partnership=partnership)
    known = versions.filter(published_at__isnull=False).values_list("slug", flat=True).first()
    waiting = get_waiting(partnership.pk)
    if known is None and waiting is not None and is_waiting(text_of(partnership, waiting)):
        known = waiting.slug
    if known is not None and page.slug != known:
        raise InvalidInput(
            _("The address can’t be changed: it’s included in the text sent for signature."),
            field="slug",
        )
    if known is None and _is_taken(page, page.slug):
        raise InvalidInput(_tell_taken(), field="slug")


def _tell_taken() -> str:
    return _("Another page already has this address. Choose different words.")


def _validate(page: Page) -> None:
    try:
        page.clean_fields(exclude={"partnership", "created_at", "version", "id"})
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            raise InvalidInput(" ".join(map(str, messages)), field=name) from error


def _save(page: Page) -> None:
    try:
        with transaction.atomic():
            page.save()
    except IntegrityError as error:
        raise InvalidInput(_tell_taken(), field="slug") from error
