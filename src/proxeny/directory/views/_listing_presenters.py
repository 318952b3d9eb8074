"""Presentation of an offer or need: its facts in words, and the next steps for its writers."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from proxeny.directory.countries import country_name
from proxeny.directory.forms import language_name
from proxeny.directory.models import Kind, Listing, Size
from proxeny.kernel.lists import join_items

Status = Listing.Status


@dataclass(frozen=True, slots=True)
class Step:
    """One button: the route it posts to, its label and icon, and whether it is the main one."""

    route: str
    label: Any
    icon: str
    is_main: bool = False


_SUBMIT = Step("directory:listing-submit", _("Publish"), "check", is_main=True)
_WITHDRAW = Step("directory:listing-withdraw", _("Return to draft"), "arrow-back-up")
_HOLD = Step("directory:listing-hold", _("Put on hold"), "player-pause")
_RESUME = Step("directory:listing-resume", _("Publish again"), "check", is_main=True)
_RENEW = Step("directory:listing-renew", _("Renew"), "refresh")
_RENEW_NOW = Step("directory:listing-renew", _("Renew"), "refresh", is_main=True)
_ARCHIVE = Step("directory:listing-archive", _("Archive"), "archive")
_RESTORE = Step("directory:listing-restore", _("Restore"), "arrow-back-up", is_main=True)

_STEPS = {
    Status.DRAFT: (_SUBMIT, _ARCHIVE),
    Status.REVIEW: (_WITHDRAW,),
    Status.PUBLISHED: (_HOLD, _RENEW, _ARCHIVE),
    Status.ON_HOLD: (_RESUME, _ARCHIVE),
    Status.EXPIRED: (_RENEW_NOW, _ARCHIVE),
    Status.ARCHIVED: (_RESTORE,),
}


def steps_of(listing: Listing) -> tuple[Step, ...]:
    """Return the steps that its writers can take from its current state."""
    return _STEPS[Status(listing.status)]


def facts_of(listing: Listing) -> list[tuple[Any, Any]]:
    """Return the partner sought and the maturity, as pairs of label and text."""
    kinds = join_items(Kind(one).label for one in listing.partner_kinds)
    sizes = join_items(Size(one).label for one in listing.partner_sizes)
    countries = join_items(sorted(country_name(code) for code in listing.partner_countries))
    facts = [
        (_("Technologies"), join_items(listing.technologies)),
        (_("Markets"), join_items(listing.markets)),
        (_("Stage of development"), listing.get_stage_display()),
        (_("Intellectual property protection"), listing.get_ipr_display()),
        (_("Partners sought"), kinds),
        (_("Partner size"), sizes),
        (_("Partner countries"), countries),
        (_("Language of the text"), language_name(listing.language)),
        (_("Shown until"), date_format(listing.expires_on) if listing.expires_on else ""),
    ]
    return [(label, value) for label, value in facts if value]
