"""What labels and their parts refuse beyond what their columns say, and what follows."""

import re
from collections.abc import Callable, Mapping
from typing import Any

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
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.operations import signing
from proxeny.partnerships.operations.records import Draft, after_kind, check_kind
from proxeny.partnerships.sums import clean_currency

#: More parts nobody reads, and no juror scores.
MOST: dict[type[Any], int] = {
    Criterion: 30, Indicator: 100, Condition: 40, Level: 10, Quota: 20,
}  # fmt: skip
#: Last parts of addresses that pages of all labels have.
_TAKEN = {"verify", "awards", "keys", "status", "versions", "mine", "apply", "jury", "published"}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@check_kind("scheme")
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
        raise InvalidInput(_("So many jurors do not read an application."), field="least_scores")
    if one.renew_months > one.valid_months:
        raise InvalidInput(
            _("An award holds for %(months)d months: nobody can renew it before it begins.")
            % {"months": one.valid_months},
            field="renew_months",
        )


def _refuse_address(one: Scheme, *, is_new: bool) -> None:
    """Refuse an address that another label has, or another one than was signed or waits."""
    if not _SLUG.fullmatch(one.slug) or one.slug in _TAKEN:
        raise InvalidInput(
            _("Write the last part of the address in small letters, digits and single hyphens."),
            field="slug",
        )
    if not is_new:
        kept = Scheme.objects.values_list("slug", flat=True).get(pk=one.pk)
        if kept == one.slug:
            return
        if is_bound(one):
            raise InvalidInput(_("The address stays: what was put before all sides names it."),
                               field="slug")  # fmt: skip
    with as_service():
        taken = Scheme.objects.filter(slug=one.slug).exclude(pk=one.pk).exists()
    if taken:
        raise InvalidInput(_("Another label has this address. Choose other words."), field="slug")


def is_bound(scheme: Scheme) -> bool:
    """Whether the world knows a version of it, or one waits for signatures. At most two queries."""
    versions = SchemeVersion.objects.filter(scheme=scheme)
    return versions.filter(published_at__isnull=False).exists() or waiting_of(scheme).exists()


def waiting_of(scheme: Scheme) -> Any:
    """Return the text of a scheme that waits for signatures, if one does."""
    return Agreement.objects.filter(
        partnership_id=scheme.partnership_id, kind=Agreement.Kind.SCHEME, subject=str(scheme.pk),
        completed_at=None, closed_at=None,
    )  # fmt: skip


def _languages(one: Scheme) -> str:
    known = dict(LANGUAGES)
    wanted = {word.lower() for word in re.split(r"[\s,;]+", one.languages) if word}
    if not wanted <= known.keys():
        raise InvalidInput(
            _("These languages are offered: %(languages)s.")
            % {"languages": join_items(f"{code} {name}" for code, name in LANGUAGES)},
            field="languages",
        )
    # It is always published in the language that it is written in.
    return " ".join(code for code in known if code in wanted | {one.language})


def read_countries(text: str) -> str:
    """Return the codes of countries that are written as codes or names, with a space between.

    Names are told apart by commas or lines; codes by spaces too. `InvalidInput` names what is no
    country.
    """
    found: list[str] = []
    for part in filter(None, (one.strip() for one in re.split(r"[,;،\n]+", text))):
        whole = read_country(part)
        for word in [part] if whole else part.split():
            code = whole or read_country(word)
            if code is None:
                raise InvalidInput(
                    _("“%(word)s” is no country. Write a comma between countries.")
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
                    _("These kinds of organisations are known: %(kinds)s.")
                    % {"kinds": join_items(Organisations.values)},
                    field="kinds",
                )
            found.append(known[word])
    return " ".join(dict.fromkeys(found))


@after_kind("scheme")
def _scheme_changed(draft: Draft, changes: Mapping[str, Any]) -> None:
    one: Any = draft.record
    if "dropped_at" not in changes or one.dropped_at is None:
        return
    running = Round.objects.filter(scheme=one, dropped_at=None).exclude(
        state__in=(Round.State.PLANNED, Round.State.DECIDED)
    )
    if running.exists():
        raise Conflict(_("A round of this label is running. It is decided first."))
    if SchemeVersion.objects.filter(
        scheme=one, published_at__isnull=False, withdrawn_at=None
    ).exists():
        raise Conflict(_("This label is published. Withdraw it first, with the reason."))
    if waiting_of(one).exists():
        signing.void(
            one.partnership_id, Agreement.Kind.SCHEME, str(one.pk), now=draft.now,
            why=_("The label was put away."),
        )  # fmt: skip


def _stay_in_scheme(draft: Draft) -> None:
    """Nothing is added to a label that was put away, and nothing moves to another one."""
    one: Any = draft.record
    if one.scheme_id is None:
        raise InvalidInput(_("Choose one from the list."), field="scheme")
    kept = type(one).objects.filter(pk=one.pk, scheme_id=one.scheme_id)
    if not draft.is_new and "scheme" in draft.values and not kept.exists():
        raise InvalidInput(_("This belongs to its label. Note it there anew instead."),
                           field="scheme")  # fmt: skip
    _refuse_put_away(one)
    if not 1 <= (one.number or 0) <= 999:
        raise InvalidInput(_("Write a place from 1 to 999."), field="number")
    there = type(one).objects.filter(scheme_id=one.scheme_id, dropped_at=None)
    if draft.is_new and there.count() >= MOST[type(one)]:
        raise Conflict(_("There are too many of these. Put some away first."))


def _refuse_put_away(one: Any) -> None:
    if one.scheme.dropped_at is not None:
        raise Conflict(_("This label was put away. Bring it back first."))


@check_kind("label-criterion")
def _criterion(draft: Draft) -> None:
    _stay_in_scheme(draft)


@check_kind("label-condition")
def _condition(draft: Draft) -> None:
    _stay_in_scheme(draft)


@check_kind("label-indicator")
def _indicator(draft: Draft) -> None:
    _stay_in_scheme(draft)
    one: Any = draft.record
    if one.criterion_id is None or one.criterion.scheme_id != one.scheme_id:
        raise InvalidInput(_("Choose one from the list."), field="criterion")
    if one.least is not None and one.scale is not None and one.least > one.scale:
        raise InvalidInput(_("The threshold is above the most points."), field="least")


@check_kind("label-level")
def _level(draft: Draft) -> None:
    _stay_in_scheme(draft)
    _refuse_same_level(draft.record)


def _refuse_same_level(one: Any) -> None:
    others = Level.objects.filter(scheme_id=one.scheme_id, dropped_at=None, least=one.least)
    if other := others.exclude(pk=one.pk).first():
        raise InvalidInput(
            _("The level “%(name)s” begins there already.") % {"name": other.title}, field="least"
        )


@check_kind("label-quota")
def _quota(draft: Draft) -> None:
    _stay_in_scheme(draft)
    one: Any = draft.record
    one.countries = read_countries(one.countries)
    if not one.countries:
        raise InvalidInput(_("Name one country at least."), field="countries")
    if one.most is not None and one.least is not None and one.least > one.most:
        raise InvalidInput(_("At most is less than at least."), field="most")


def _brought_back(draft: Draft, changes: Mapping[str, Any]) -> None:
    """Bringing back is asked here: no kind's check runs before it."""
    one: Any = draft.record
    if "dropped_at" in changes and one.dropped_at is None:
        _refuse_put_away(one)
        if isinstance(one, Level):
            _refuse_same_level(one)


def _watch(kinds: tuple[str, ...], then: Callable[[Draft, Mapping[str, Any]], None]) -> None:
    for kind in kinds:
        after_kind(kind)(then)


_watch(("label-criterion", "label-indicator", "label-condition", "label-level", "label-quota"),
       _brought_back)  # fmt: skip
