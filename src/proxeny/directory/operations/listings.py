"""Offers and needs."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from proxeny.directory import queries, rules
from proxeny.directory.models import Listing
from proxeny.directory.operations.organisations import write_search_text
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader


def add_listing(
    *,
    actor: Reader,
    organisation_id: int,
    direction: str,
    title: str,
    kind: str = Listing.Kind.BUSINESS,
    summary: str = "",
    language: str = "en",
    is_draft: bool = False,
) -> Listing:
    """Add an offer or a need to an organisation.

    A published one is seen by whoever sees the organisation, and the organisation is found by its
    words; a draft stays with the organisation and its steward.

    Side effects: an audit row.

    Raises
    ------
    NotFound, NotAllowed
        The reader does not see the organisation, or may not write for it.
    InvalidInput
        No title.
    """
    with transaction.atomic():
        organisation = queries.get_organisation(organisation_id)
        if not rules.can_edit_organisation(actor, organisation):
            raise _refusal()
        _refuse_untitled(title)
        listing = Listing.objects.create(
            organisation=organisation, direction=direction, kind=kind, title=title.strip(),
            summary=summary.strip(), language=language,
            status=Listing.Status.DRAFT if is_draft else Listing.Status.PUBLISHED,
        )  # fmt: skip
        _record(actor, "add_listing", listing)
    return listing


def update_listing(
    *,
    actor: Reader,
    listing_id: int,
    version: int,
    direction: str,
    kind: str,
    title: str,
    summary: str,
    language: str,
    is_draft: bool = False,
) -> Listing:
    """Change an offer or a need. Raises as `add_listing`, and `Conflict` for an old `version`."""
    with transaction.atomic():
        listing = _get_for_change(actor, listing_id)
        if listing.version != version:
            raise Conflict(
                _("Somebody else changed this text while you wrote. What you typed is kept below.")
            )
        _refuse_untitled(title)
        listing.direction, listing.kind, listing.language = direction, kind, language
        listing.title, listing.summary = title.strip(), summary.strip()
        listing.status = Listing.Status.DRAFT if is_draft else Listing.Status.PUBLISHED
        _save(listing)
        _record(actor, "update_listing", listing)
    return listing


def archive_listing(*, actor: Reader, listing_id: int) -> Listing:
    """Take an offer or a need off the page; it can be brought back.

    Side effects: an audit row; the organisation is no longer found by its words.
    """
    return _set_status(actor, listing_id, Listing.Status.ARCHIVED, "archive_listing")


def restore_listing(*, actor: Reader, listing_id: int) -> Listing:
    """Publish an archived offer or need again."""
    return _set_status(actor, listing_id, Listing.Status.PUBLISHED, "restore_listing")


def _set_status(actor: Reader, listing_id: int, status: str, verb: str) -> Listing:
    with transaction.atomic():
        listing = _get_for_change(actor, listing_id)
        if listing.status != status:
            listing.status = status
            _save(listing)
            _record(actor, verb, listing)
    return listing


def _get_for_change(actor: Reader, listing_id: int) -> Listing:
    listing = queries.get_listing(listing_id)
    if not rules.can_edit_listing(actor, listing):
        raise _refusal()
    Listing.objects.select_for_update().get(pk=listing_id)
    listing.refresh_from_db(fields=["version", "status"])
    return listing


def _save(listing: Listing) -> None:
    listing.version += 1
    listing.updated_at = Now()
    listing.save()


def _record(actor: Reader, verb: str, listing: Listing) -> None:
    organisation = listing.organisation
    write_search_text(organisation)
    audit.record(
        actor, verb, listing,
        organisation_id=organisation.steward_id or organisation.pk,
        changes={"title": listing.title, "status": str(listing.status)},
    )  # fmt: skip


def _refuse_untitled(title: str) -> None:
    if not title.strip():
        raise InvalidInput(_("Write in one line what you offer or need."), field="title")


def _refusal() -> NotAllowed:
    return NotAllowed(
        _("Only the organisation's own people and its cluster's managers may write its offers and "
          "needs.")
    )  # fmt: skip
