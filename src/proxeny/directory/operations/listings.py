"""Writing offers and needs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.directory import queries, rules
from proxeny.directory.models import (
    Kind,
    Listing,
    ListingClient,
    Organisation,
    ProfileVector,
    Size,
)
from proxeny.directory.operations import notices
from proxeny.directory.operations.listing_guards import (
    custom_for,
    expect_version,
    is_reviewing,
    lock,
    publish,
    record,
    refusal,
    save,
)
from proxeny.folding import fold
from proxeny.kernel.errors import InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader, as_service

Status = Listing.Status
MAX_KEYWORDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingText:
    """The text of an offer or need; the same fields as on its form."""

    direction: str
    title: str
    kind: str = Listing.Kind.BUSINESS
    summary: str = ""
    description: str = ""
    partner_role: str = ""
    language: str = "en"
    markets: Sequence[str] = field(default_factory=tuple)
    technologies: Sequence[str] = field(default_factory=tuple)
    stage: str = ""
    ipr: str = ""
    partner_kinds: Sequence[str] = field(default_factory=tuple)
    partner_sizes: Sequence[str] = field(default_factory=tuple)
    partner_countries: Sequence[str] = field(default_factory=tuple)
    is_open: bool = True
    is_anonymous: bool = False
    expires_on: date | None = None

    @classmethod
    def of(cls, listing: Listing) -> "ListingText":
        """Return the text of an offer or a need."""
        return cls(**{one.name: getattr(listing, one.name) for one in fields(cls)})

    def values(self) -> dict[str, Any]:
        """Return the values by field name, texts without spaces around them."""
        found = {}
        for name, value in asdict(self).items():
            found[name] = value.strip() if isinstance(value, str) else value
            if isinstance(value, list | tuple):
                found[name] = list(dict.fromkeys(one.strip() for one in value if one.strip()))
        return found


#: Words that an adviser reviews: when one of these changes, the text is reviewed again.
WORDS = (
    "direction",
    "title",
    "summary",
    "description",
    "partner_role",
    "markets",
    "technologies",
    "is_anonymous",
)


def add_listing(
    *,
    actor: Reader,
    organisation_id: int,
    text: ListingText,
    now: datetime,
    is_draft: bool = False,
) -> Listing:
    """Add an offer or a need to an organisation.

    A draft is visible to the organisation and its steward's managers only. A member's submission
    waits for an adviser of the cluster that keeps it, unless the cluster has no review
    (`reviews_listings`); texts by the cluster's managers are published at once: visible to all
    readers of the organisation, which is found by their words. An anonymous one belongs to the
    cluster, with the member recorded beside it.

    Side effects: an audit row; a mail to the cluster's advisers when it waits for them.

    Raises
    ------
    NotFound, NotAllowed
        The reader does not see the organisation, or may not write for it.
    InvalidInput
        No title, too many keywords, a date in the past, or a name that cannot be left out.
    """
    with transaction.atomic():
        organisation = queries.get_organisation(organisation_id)
        if not rules.can_edit_organisation(actor, organisation):
            raise refusal()
        values = _checked(text, organisation, today=now.date())
        listing = Listing(organisation=organisation, status=Status.DRAFT, **values)
        _set_holder(listing, organisation)
        if not is_draft:
            submit(actor, listing, now=now)
        # An anonymous one is the cluster's row, and no policy lets anybody write its member.
        with as_service("A member may not add a row of its cluster, as an anonymous text is."):
            listing.save()
            if listing.is_anonymous:
                ListingClient.objects.create(listing=listing, organisation=organisation)
        record(actor, "add_listing", listing)
        notices.tell_submitted(actor, listing, now=now)
    return listing


def update_listing(
    *,
    actor: Reader,
    listing_id: int,
    version: int,
    text: ListingText,
    now: datetime,
    is_draft: bool = False,
) -> Listing:
    """Change an offer or a need.

    An adviser may change a text under review; its writers are notified. If a member changes the
    words of a published text, it waits for an adviser again. An archived or expired one is
    published again, as far as permitted.

    Raises as `add_listing`, and `Conflict` for an old `version`.
    """
    with transaction.atomic():
        listing = lock(actor, listing_id, today=now.date(), with_advisers=True)
        expect_version(listing, version)
        owner, held_by = rules.owner_of(listing), listing.organisation
        values = _checked(text, owner, today=now.date(), known=listing)
        before = {name: getattr(listing, name) for name in values}
        changed = {name: value for name, value in values.items() if before[name] != value}
        was_shown = listing.status == Status.PUBLISHED
        is_adviser = is_reviewing(actor, listing, today=now.date())
        if is_adviser and (is_draft or "is_anonymous" in changed):
            raise NotAllowed(_("Send it back for this: only its author can decide it."))
        for name, value in changed.items():
            setattr(listing, name, value)
        _set_holder(listing, owner)
        if not is_adviser:
            listing.reviewer = None
            _restate(actor, listing, changed, is_draft=is_draft, now=now)
        _write_client(listing, owner, changed)
        save(listing)
        if "is_anonymous" in changed:
            _forget_meaning(held_by, listing.organisation)
        # A member's entry is not touched where its cluster speaks for it: that would be seen.
        record(actor, "update_listing", listing, changes=_told(before, changed), also=held_by)
        if listing.status == Status.PUBLISHED and not was_shown:
            # Followers of the organisation are notified of publications, not of each change.
            record(actor, "submit_listing", listing)
        if not notices.tell_submitted(actor, listing, now=now):
            notices.tell_edited(actor, listing, changed, today=now.date())
    return listing


def submit(actor: Reader, listing: Listing, *, now: datetime) -> None:
    """Publish a text, or lay it before an adviser; the caller saves it."""
    custom = custom_for(listing)
    if listing.reviewed_at or rules.is_staff_of(actor, listing) or not custom.is_reviewed:
        publish(listing, custom, now=now)
    else:
        listing.status, listing.submitted_at = Status.REVIEW, now


def _restate(
    actor: Reader, listing: Listing, changed: dict[str, Any], *, is_draft: bool, now: datetime
) -> None:
    """Set the state of a changed text; `submit` decides on publication."""
    is_shown = listing.status in (Status.PUBLISHED, Status.ON_HOLD)
    if is_shown and listing.reviewed_at is None:
        # Published before advisers read texts.
        listing.reviewed_at = listing.updated_at
    if not changed.keys().isdisjoint(WORDS) and not rules.is_staff_of(actor, listing):
        listing.reviewed_at = None
    if is_draft:
        listing.status = Status.DRAFT
    elif listing.reviewed_at is None or not is_shown:
        submit(actor, listing, now=now)


def _checked(
    text: ListingText, owner: Organisation, *, today: date, known: Listing | None = None
) -> dict[str, Any]:
    values = text.values()
    if not fold(values["title"]):
        raise InvalidInput(_("Describe in one line what you offer or need."), field="title")
    for name in ("markets", "technologies"):
        if len(values[name]) > MAX_KEYWORDS:
            raise InvalidInput(_("Choose the five most important words."), field=name)
    for name, choices in (("partner_kinds", Kind.values), ("partner_sizes", Size.values)):
        if not set(values[name]) <= set(choices):
            raise InvalidInput(_("Choose from the options offered."), field=name)
    last = values["expires_on"]
    if last and last < today and not (known and known.expires_on == last):
        raise InvalidInput(_("This date has passed. Choose a later one."), field="expires_on")
    if values["is_anonymous"] and not rules.can_be_anonymous(owner):
        raise InvalidInput(
            _("Only members of a cluster can hide their name."), field="is_anonymous"
        )
    return values


def _set_holder(listing: Listing, owner: Organisation) -> None:
    # `steward` may be hidden from the reader, its number is not.
    listing.organisation_id = cast("int", owner.steward_id if listing.is_anonymous else owner.pk)
    if not listing.is_anonymous:
        listing.organisation = owner
    elif owner.steward is not None:
        listing.organisation = owner.steward


def _write_client(listing: Listing, owner: Organisation, changed: dict[str, Any]) -> None:
    if "is_anonymous" not in changed:
        return
    # No policy lets anybody write the member behind a text: the right on the text was checked.
    with as_service("The right to the text was checked; no policy covers the member behind it."):
        ListingClient.objects.filter(pk=listing.pk).delete()
        if listing.is_anonymous:
            ListingClient.objects.create(listing_id=listing.pk, organisation=owner)
    # The cached relation is outdated.
    listing._state.fields_cache.pop("client", None)


def _forget_meaning(*holders: Organisation) -> None:
    # What a model read of an entry holds this text, or lacks it, and is compared with others'. Its
    # job alone writes it.
    with as_service("An old vector could betray an anonymous member; no reader may delete it."):
        ProfileVector.objects.filter(organisation_id__in=[one.pk for one in holders]).delete()


def _told(before: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    return {name: [plain(before[name]), plain(value)] for name, value in changed.items()}
