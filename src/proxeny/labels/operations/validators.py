"""Rules for labels and their parts beyond the constraints of their columns, and side effects."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from proxeny.directory.countries import read_country
from proxeny.directory.models import Kind as Organisations
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import as_service
from proxeny.labels.models import (
    LANGUAGES,
    Condition,
    Criterion,
    Indicator,
    Level,
    Quota,
    Round,
    Scheme,
    SchemeVersion,
)
from proxeny.labels.shares import parse_share
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.operations import signing
from proxeny.partnerships.operations.records import AFTER, CHECKS, Draft
from proxeny.partnerships.sums import clean_currency

#: More parts nobody reads, and no juror scores.
MOST: dict[type[Any], int] = {
    Criterion: 30,
    Indicator: 100,
    Condition: 40,
    Level: 10,
    Quota: 20,
}
#: Last parts of addresses that pages of all labels have.
_TAKEN = {"verify", "awards", "keys", "status", "versions", "mine", "apply", "jury", "published"}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@CHECKS.on("scheme")
def _scheme(draft: Draft) -> None:
    one: Any = draft.record
    one.slug = one.slug.strip().lower()
    _refuse_address(one, is_new=draft.is_new)
    one.languages = _languages(one)
    one.countries = read_countries(one.countries)
    one.kinds = _kinds(one.kinds)
    one.currency = clean_currency(one.currency)
    one.contact = one.contact.strip().lower()
    if one.least_scores > one.per:
        raise InvalidInput(
            _("This is more than the number of jurors per application."), field="least_scores"
        )
    if one.renew_months > one.valid_months:
        raise InvalidInput(
            _("An award is valid for %(months)d months. Enter a shorter renewal period.")
            % {"months": one.valid_months},
            field="renew_months",
        )


def _refuse_address(one: Scheme, *, is_new: bool) -> None:
    """Refuse an address that another label has, or another one than was signed or waits."""
    if not _SLUG.fullmatch(one.slug) or one.slug in _TAKEN:
        raise InvalidInput(
            _(
                "Use lower-case letters, digits and single hyphens for the last part of the "
                "address."
            ),
            field="slug",
        )
    if not is_new:
        kept = Scheme.objects.values_list("slug", flat=True).get(pk=one.pk)
        if kept == one.slug:
            return
        if is_bound(one):
            raise InvalidInput(
                _("The address can’t be changed: it’s included in the text sent for signature."),
                field="slug",
            )
    with as_service("Addresses are unique across all labels, even those hidden from the reader."):
        taken = Scheme.objects.filter(slug=one.slug).exclude(pk=one.pk).exists()
    if taken:
        raise InvalidInput(
            _("Another label already has this address. Choose a different one."), field="slug"
        )


def is_bound(scheme: Scheme) -> bool:
    """Whether the world knows a version of it, or one waits for signatures. At most two queries."""
    versions = SchemeVersion.objects.filter(scheme=scheme)
    return versions.filter(published_at__isnull=False).exists() or waiting_of(scheme).exists()


def waiting_of(scheme: Scheme) -> Any:
    """Return the text of a scheme that waits for signatures, if one does."""
    return Agreement.objects.filter(
        partnership_id=scheme.partnership_id,
        kind=Agreement.Kind.SCHEME,
        subject=str(scheme.pk),
        completed_at=None,
        closed_at=None,
    )


def _languages(one: Scheme) -> str:
    known = dict(LANGUAGES)
    wanted = {word.lower() for word in re.split(r"[\s,;]+", one.languages) if word}
    if not wanted <= known.keys():
        raise InvalidInput(
            _("Available languages: %(languages)s.")
            % {"languages": join_items(f"{code} {name}" for code, name in LANGUAGES)},
            field="languages",
        )
    # It is always published in the language that it is written in.
    return " ".join(code for code in known if code in wanted | {one.language})


def read_countries(text: str) -> str:
    """Return the codes of countries given as codes or names, separated by a space.

    Names are separated by commas or lines; codes by spaces too. `InvalidInput` names what is no
    country.
    """
    found: list[str] = []
    for part in filter(None, (one.strip() for one in re.split(r"[,;،\n]+", text))):
        whole = read_country(part)
        for word in [part] if whole else part.split():
            code = whole or read_country(word)
            if code is None:
                raise InvalidInput(
                    _("“%(word)s” isn’t a country. Separate countries with commas.")
                    % {"word": word},
                    field="countries",
                )
            found.append(code)
    return " ".join(dict.fromkeys(found))


def _kinds(text: str) -> str:
    known = {str(label).casefold(): code for code, label in Organisations.choices}
    known |= {code: code for code in Organisations.values}
    found = []
    for part in filter(None, (one.strip().casefold() for one in re.split(r"[,;،\n]+", text))):
        for word in [part] if part in known else part.split():
            if word not in known:
                raise InvalidInput(
                    _("Available types of organisation: %(kinds)s.")
                    % {"kinds": join_items(Organisations.values)},
                    field="kinds",
                )
            found.append(known[word])
    return " ".join(dict.fromkeys(found))


@AFTER.on("scheme")
def _scheme_changed(draft: Draft, changes: Mapping[str, Any]) -> None:
    one: Any = draft.record
    if "dropped_at" not in changes or one.dropped_at is None:
        return
    running = Round.objects.filter(scheme=one, dropped_at=None).exclude(
        state__in=(Round.State.PLANNED, Round.State.DECIDED)
    )
    if running.exists():
        raise Conflict(_("A round of this label is in progress. It has to be decided first."))
    if SchemeVersion.objects.filter(
        scheme=one, published_at__isnull=False, withdrawn_at=None
    ).exists():
        raise Conflict(_("This label is published. Withdraw it first, giving a reason."))
    if waiting_of(one).exists():
        signing.void(
            one.partnership_id,
            Agreement.Kind.SCHEME,
            str(one.pk),
            now=draft.now,
            why=_("The label is archived."),
        )


def _stay_in_scheme(draft: Draft) -> None:
    """Refuse to add to an archived label, and to move a record to another label."""
    one: Any = draft.record
    if one.scheme_id is None:
        raise InvalidInput(_("Choose an option from the list."), field="scheme")
    kept = type(one).objects.filter(pk=one.pk, scheme_id=one.scheme_id)
    if not draft.is_new and "scheme" in draft.values and not kept.exists():
        raise InvalidInput(
            _("This can’t be moved to another label. Create it there instead."), field="scheme"
        )
    _refuse_put_away(one)
    if not 1 <= (one.number or 0) <= 999:
        raise InvalidInput(_("Enter a position from 1 to 999."), field="number")
    there = type(one).objects.filter(scheme_id=one.scheme_id, dropped_at=None)
    if draft.is_new and there.count() >= MOST[type(one)]:
        raise Conflict(_("You’ve reached the maximum. Archive some first."))


def _refuse_put_away(one: Any) -> None:
    if one.scheme.dropped_at is not None:
        raise Conflict(_("This label is archived. Restore it first."))


@CHECKS.on("label-criterion")
def _criterion(draft: Draft) -> None:
    _stay_in_scheme(draft)


@CHECKS.on("label-condition")
def _condition(draft: Draft) -> None:
    _stay_in_scheme(draft)


@CHECKS.on("label-indicator")
def _indicator(draft: Draft) -> None:
    _stay_in_scheme(draft)
    one: Any = draft.record
    if one.criterion_id is None or one.criterion.scheme_id != one.scheme_id:
        raise InvalidInput(_("Choose an option from the list."), field="criterion")
    if one.least is not None and one.scale is not None and one.least > one.scale:
        raise InvalidInput(_("The threshold is above the maximum points."), field="least")


@CHECKS.on("label-level")
def _level(draft: Draft) -> None:
    _stay_in_scheme(draft)
    _refuse_same_level(draft.record)


def _refuse_same_level(one: Any) -> None:
    others = Level.objects.filter(scheme_id=one.scheme_id, dropped_at=None, least=one.least)
    if other := others.exclude(pk=one.pk).first():
        raise InvalidInput(
            _("The level “%(name)s” already starts there. Choose a different total.")
            % {"name": other.title},
            field="least",
        )


@CHECKS.on("label-quota")
def _quota(draft: Draft) -> None:
    _stay_in_scheme(draft)
    one: Any = draft.record
    one.countries = read_countries(one.countries)
    if not one.countries:
        raise InvalidInput(_("Enter at least one country."), field="countries")
    _refuse_ends(one)


def _refuse_ends(one: Any) -> None:
    """Refuse an upper end below the lower one, or one that cannot be compared with it."""
    try:
        least, most = (parse_share(text) if text else None for text in (one.least, one.most))
    except ValidationError:
        return  # the column reports it, with the field
    if least is None or most is None or not least.amount:
        return
    if least.is_places != most.is_places:
        raise InvalidInput(
            _("Enter both limits as shares, or both as numbers of places."), field="most"
        )
    if least.amount > most.amount:
        raise InvalidInput(_("The maximum is less than the minimum."), field="most")


def _brought_back(draft: Draft, changes: Mapping[str, Any]) -> None:
    """Check a record that is restored: no kind's check runs before."""
    one: Any = draft.record
    if "dropped_at" in changes and one.dropped_at is None:
        _refuse_put_away(one)
        if isinstance(one, Level):
            _refuse_same_level(one)


def _watch(kinds: tuple[str, ...], then: Callable[[Draft, Mapping[str, Any]], None]) -> None:
    for kind in kinds:
        AFTER.add(kind, then)


_watch(
    ("label-criterion", "label-indicator", "label-condition", "label-level", "label-quota"),
    _brought_back,
)
