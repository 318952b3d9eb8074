"""Publication of a page: previewed, sent to all sides for signature, and withdrawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.alliances import content, rules
from proxeny.alliances.composing import compose
from proxeny.alliances.models import Page, PageVersion
from proxeny.alliances.presenters import write_text
from proxeny.alliances.queries.pages import (
    get_page,
    get_waiting,
    is_waiting,
    list_versions,
    text_of,
)
from proxeny.alliances.queries.together import Together, read_together
from proxeny.kernel import audit
from proxeny.kernel.canonical import digest_of
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Agreement, Partnership, Party
from proxeny.partnerships.operations import copies, guards, signing
from proxeny.partnerships.operations.parties import PARTIES_CHANGED
from proxeny.partnerships.operations.room import enter, own_side
from proxeny.partnerships.operations.signers import Side

Kind = Agreement.Kind


@dataclass(frozen=True, slots=True)
class Prepared:
    """The page to be published, and what is missing before it can be.

    Attributes
    ----------
    missing : tuple of str
        Sentences; nothing is published while there are any.
    remarks : tuple of str
        Points to check before signing.
    """

    number: int
    slug: str
    content: content.Content
    contact: str
    checksum: str
    missing: tuple[str, ...]
    remarks: tuple[str, ...]


def prepare_page(
    page: Page,
    partnership: Partnership,
    parties: Sequence[Party],
    versions: Sequence[PageVersion],
    *,
    today: date,
) -> Prepared:
    """Return the page to be published from the current draft.

    As many queries as `read_together`.
    """
    together = read_together(partnership, parties, versions, today=today)
    return prepare(page, together, versions)


def prepare(page: Page, together: Together, versions: Sequence[PageVersion]) -> Prepared:
    """Return the page to be published, from data already read. No query."""
    last = versions[0] if versions else None
    # A version without signatures is overwritten and keeps its number.
    number = last.number + bool(last.published_at) if last else 1
    said = compose(page, together)
    return Prepared(
        number,
        page.slug,
        said,
        page.contact,
        checksum_of(said, page.contact),
        tuple(_find_missing(page)),
        tuple(_find_remarks(page, together)),
    )


def checksum_of(said: content.Content, contact: str) -> str:
    """Return the SHA-256 of a page's content, including its contact address."""
    return digest_of({**content.to_json(said), "contact": contact})


def _find_missing(page: Page) -> Iterable[str]:
    if not page.headline:
        yield _("The page has no headline yet.")
    if not page.about:
        yield _("The page doesn’t say what its purpose is yet.")
    if not (page.joining or page.contact):
        yield _("No one would know how to reach you. Explain how, or enter an email address.")


def _find_remarks(page: Page, together: Together) -> Iterable[str]:
    shown = set(page.shown)
    if not any(key.startswith(f"{rules.GOAL}:") for key in shown):
        yield _("No goals are shown, so no one can see what you want to achieve.")
    left_out = [one.title for one in together.results if one.is_public and one.key not in shown]
    if left_out:
        yield _("This is already public, but the page doesn’t mention it: %(names)s") % {
            "names": join_items(left_out),
        }
    hidden = sum(not one.is_public for one in together.beside)
    if hidden:
        yield ngettext(
            "%(count)d organisation from another country stays in the room: its entry isn’t "
            "public.",
            "%(count)d organisations from other countries stay in the room: their entries aren’t "
            "public.",
            hidden,
        ) % {"count": hidden}


@transaction.atomic
def ask_page(*, actor: Reader, partnership_id: int, seen: str, now: datetime) -> Agreement:
    """Send the page to all sides for signature, as previewed; the actor's side signs at once.

    Parameters
    ----------
    seen : str
        The checksum of what was read: nobody signs what was changed since.

    Side effects: mails to the managers of the other sides. With the last signature it is published.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        The actor does not take part; only managers may; the partnership is over, the page changed
        since, or waits for signatures already.
    InvalidInput
        Something is missing.
    """
    enter(actor, partnership_id, binding=True)
    # Nobody signs, joins nor leaves until this is over.
    partnership, parties = guards.lock(partnership_id)
    guards.expect(partnership, Partnership.State.ACTIVE)
    versions = list_versions(partnership_id)
    waiting = next((one for one in versions if one.published_at is None), None)
    if is_waiting(text_of(partnership, waiting)):
        raise Conflict(_("It’s already waiting for signatures. Read it and sign."))
    page = get_page(partnership_id)
    prepared = prepare_page(page, partnership, parties, versions, today=now.date())
    if prepared.missing:
        raise InvalidInput(" ".join(prepared.missing))
    if prepared.checksum != seen:
        raise Conflict(_("The page has changed since you opened it. Check the latest version."))
    version = _keep(partnership, page, prepared, waiting)
    text = write_text(
        partnership,
        prepared.content,
        number=prepared.number,
        slug=prepared.slug,
        contact=prepared.contact,
        checksum=prepared.checksum,
    )
    return signing.ask_signatures(
        actor=actor,
        partnership=partnership,
        parties=parties,
        kind=Kind.PAGE,
        subject=str(version.pk),
        text=text,
        now=now,
    )


def _keep(
    partnership: Partnership, page: Page, prepared: Prepared, waiting: PageVersion | None
) -> PageVersion:
    """Store the version to be signed; an unsigned one is overwritten."""
    one = waiting or PageVersion(partnership=partnership, number=prepared.number)
    one.slug, one.title, one.language = prepared.slug, page.headline, page.language
    one.content, one.contact = content.to_json(prepared.content), prepared.contact
    one.save()
    return one


def _publish(
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    """All have signed: everybody reads it from now on."""
    found = PageVersion.objects.filter(pk=agreement.subject)
    copies.publish(actor, "publish_page", found, organisation_id=mine.organisation_id, now=now)


@transaction.atomic
def withdraw_page(*, actor: Reader, partnership_id: int, reason: str, now: datetime) -> PageVersion:
    """Withdraw the public page in all its versions: its address then shows that, with the reason.

    A version that waits for signatures is no longer published.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; only managers may; the partnership is over, or nothing is published.
    InvalidInput
        There is no reason.
    """
    partnership, parties = enter(actor, partnership_id, binding=True)
    guards.lock(partnership_id)
    reason = copies.clean_reason(reason)
    found = PageVersion.objects.filter(partnership=partnership)
    newest = copies.withdraw(found, reason=reason, now=now)
    if newest is None:
        raise Conflict(_("No page is published."))
    _void(partnership, now=now)
    audit.record(
        actor,
        "withdraw_page",
        newest,
        organisation_id=own_side(actor, parties),
        partnership_id=partnership.pk,
        why=reason,
        changes={"title": newest.title, "number": newest.number},
    )
    return newest


def _stop_waiting(partnership: Partnership, now: datetime) -> None:
    """Close the text that waits for signatures, because the participants have changed."""
    with as_service("The signer may be the joining cluster, which cannot see the room's page yet."):
        _void(
            partnership,
            now=now,
            why=_("The participants have changed. Send the page to all sides for signature again."),
        )


def _void(partnership: Partnership, *, now: datetime, why: str = "") -> None:
    if waiting := get_waiting(partnership.pk):
        signing.void(partnership.pk, Kind.PAGE, str(waiting.pk), now=now, why=why)


def name_pages(subjects: set[str]) -> dict[str, str]:
    """Return the names of pages, by the numbers of their versions as text; as the service."""
    numbers = [int(one) for one in subjects if one.isdecimal()]
    found = PageVersion.objects.filter(pk__in=numbers).values_list("pk", "title")
    return {str(pk): title for pk, title in found}


signing.FOLLOWS.add(Kind.PAGE, signing.Follow(_publish))
PARTIES_CHANGED.add(_stop_waiting)
