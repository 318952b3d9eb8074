"""A label in plain words: figures as people read them, the text that all sides sign, what differs."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import get_language_info, ngettext, override
from django.utils.translation import gettext as _

from proxeny.directory.countries import country_name
from proxeny.directory.models import Kind as Organisations
from proxeny.engine.label import Share
from proxeny.kernel.lists import join_items
from proxeny.kernel.percent import add_percent_sign
from proxeny.labels.content import CriterionText, IndicatorText, QuotaText, SchemeText
from proxeny.labels.models import Scheme
from proxeny.labels.shares import tell_share
from proxeny.partnerships.amounts import tell_amount
from proxeny.partnerships.models import Partnership

#: So long a text is signed; what is longer is named by its checksum.
_MOST = 19_000


def tell_figure(value: Decimal) -> str:
    """Return a figure in the reader's language, with as many digits as it needs."""
    return str(number_format(Decimal(format(value.normalize(), "f"))))


def tell_percent(value: Decimal) -> str:
    """Return percent in the reader's language."""
    return add_percent_sign(tell_figure(value))


def tell_points(value: Decimal) -> str:
    """Return points in the reader's language."""
    return ngettext("%(figure)s point", "%(figure)s points", _plural(value)) % {
        "figure": tell_figure(value)
    }


def _plural(value: Decimal) -> int:
    return int(value) if value == value.to_integral_value() else 2


def tell_months(count: int) -> str:
    """Return a number of months in words."""
    return ngettext("%(count)d month", "%(count)d months", count) % {"count": count}


def tell_countries(codes: Iterable[str]) -> str:
    """Return the names of countries in the reader's language."""
    return join_items(country_name(code) for code in codes)


def tell_kinds(codes: Iterable[str]) -> str:
    """Return the kinds of organisations in words."""
    known = dict(Organisations.choices)
    return join_items(known.get(code, code) for code in codes)


def tell_rule(rule: str) -> str:
    """Return the rule that combines several scores, in words."""
    return str(dict(Scheme.Rule.choices).get(rule, rule))


def tell_quota(one: QuotaText, name: str = "") -> str:
    """Return a quota in words: countries, and the share of the places.

    The countries are left out where they are what it is called.
    """
    least, most = one.ends
    share = _tell_ends(least, most)
    countries = tell_countries(one.countries)
    return share if countries == name else f"{countries}: {share}"


def _tell_ends(least: Share, most: Share | None) -> str:
    if least.is_places:
        if most is None:
            return _("at least %(least)s") % {"least": tell_share(least)}
        return _("%(least)s to %(most)s") % {"least": tell_share(least), "most": tell_share(most)}
    if most is None:
        return _("at least %(least)s of the places") % {"least": tell_share(least)}
    return _("%(least)s to %(most)s of the places") % {
        "least": tell_share(least),
        "most": tell_share(most),
    }


def tell_quota_in_places(one: QuotaText, places: int) -> str:
    """Return a quota in places, and the rounding of its shares."""
    least, most = one.ends
    low = least.at_least(places)
    if most is None:
        told = ngettext(
            "at least %(least)d of %(places)d place",
            "at least %(least)d of %(places)d places",
            places,
        ) % {"least": low, "places": places}
    else:
        told = ngettext(
            "%(least)d to %(most)d of %(places)d place",
            "%(least)d to %(most)d of %(places)d places",
            places,
        ) % {"least": low, "most": most.at_most(places), "places": places}
    shares = [(least, _("%(share)s is %(exact)s, rounded down"))]
    if most is not None:
        shares.append((most, _("%(share)s is %(exact)s, rounded up")))
    notes = [_tell_rounded(share, places, text) for share, text in shares if not share.is_places]
    return f"{told} ({'; '.join(notes)})" if notes else told


def _tell_rounded(share: Share, places: int, text: str) -> str:
    exact = share.of(places)
    if exact.denominator == 1:
        return tell_share(share)
    figure = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"))
    return text % {"share": tell_share(share), "exact": tell_figure(figure)}


def tell_fee(amount: Decimal, currency: str) -> str:
    """Return a fee in words."""
    return tell_amount(amount, currency) if amount else _("none")


def tell_figures(text: SchemeText) -> list[tuple[str, str]]:
    """Return the figures on judging and fees: labels and values."""
    anonymous = (
        _("no: they see the project, but not the applicant") if text.is_anonymous else _("yes")
    )
    appeal = (
        ngettext(
            "%(count)d day from the date of the letter",
            "%(count)d days from the date of the letter",
            text.appeal_days,
        )
        % {"count": text.appeal_days}
        if text.appeal_days
        else _("none")
    )
    return [
        (_("Minimum total"), tell_percent(text.total_least)),
        (_("Jurors per application"), str(text.per)),
        (_("Minimum scores per indicator"), str(text.least_scores)),
        (_("How scores are combined"), tell_rule(text.rule)),
        (_("Jurors know the applicants"), anonymous),
        (_("Appeal period"), appeal),
        (_("Application fee"), tell_fee(text.fee_application, text.currency)),
        (_("Award fee"), tell_fee(text.fee_award, text.currency)),
        (_("Award validity"), tell_months(text.valid_months)),
        (_("Renewal period before expiry"), tell_months(text.renew_months)),
        (_("Open to"), _tell_open(text)),
        (
            _("Languages"),
            join_items(get_language_info(one)["name_translated"] for one in text.languages),
        ),
    ]


def _tell_open(text: SchemeText) -> str:
    kinds = tell_kinds(text.kinds) if text.kinds else _("organisations of every type")
    places = tell_countries(text.countries) if text.countries else _("from any country")
    return f"{kinds}; {places}"


def write_text(
    partnership: Partnership, text: SchemeText, *, number: int, contact: str, checksum: str
) -> str:
    """Return the reproducible text that all sides sign, in English around the label's own words."""
    with override("en"):
        address = f"{settings.BASE_URL}{reverse('labels:public', args=[text.slug])}"
        lines = [
            _("Label “%(title)s”, version %(number)s")
            % {"title": text.told(text.title, text.language), "number": number},
            _("Partnership: %(title)s") % {"title": partnership.title},
            _("Public address: %(address)s") % {"address": address},
            # Before what may be long: what is signed is this content and no other.
            _("SHA-256 of the content, in all its languages: %(checksum)s")
            % {"checksum": checksum},
            *_tell(text, contact),
        ]
    return "\n\n".join(lines)[:_MOST]


def _tell(text: SchemeText, contact: str) -> Iterator[str]:
    def own(one: Mapping[str, str]) -> str:
        return text.told(one, text.language)

    parts = (
        (
            _("Issuers"),
            join_items(
                f"{one.name} ({country_name(one.country)})" if one.country else one.name
                for one in text.issuers
            ),
        ),
        (_("Mutual recognition"), own(text.recognition)),
        (_("What it stands for"), own(text.about)),
        (_("Figures"), _lines(f"{label}: {value}" for label, value in tell_figures(text))),
        *((_("Criterion"), _criterion(text, one)) for one in text.criteria),
        (_("Conditions"), _lines(own(one.title) for one in text.conditions)),
        (
            _("Levels"),
            _lines(f"{own(one.title)}: {tell_percent(one.least)}" for one in text.levels),
        ),
        (
            _("Quotas"),
            _lines(f"{own(one.title)}: {tell_quota(one, own(one.title))}" for one in text.quotas),
        ),
        (_("Who can apply"), own(text.audience)),
        (_("When a juror has a conflict of interest"), own(text.conflicts)),
        (_("How to appeal"), own(text.appeals)),
        (_("Email address"), contact),
    )
    for label, said in parts:
        if said:
            yield f"{label}: {said}"


def _lines(items: Iterable[str]) -> str:
    return "".join(f"\n– {one}" for one in items)


def _criterion(text: SchemeText, one: CriterionText) -> str:
    head = [text.told(one.title, text.language), _("weight %(weight)d") % {"weight": one.weight}]
    if one.least is not None:
        head.append(_("at least %(least)s") % {"least": tell_percent(one.least)})
    return ", ".join(head) + _lines(_indicator(text, each) for each in one.indicators)


def _indicator(text: SchemeText, one: IndicatorText) -> str:
    said = [
        text.told(one.title, text.language),
        _("0 to %(scale)d points") % {"scale": one.scale},
        _("weight %(weight)d") % {"weight": one.weight},
    ]
    if one.least is not None:
        said.append(_("at least %(least)s") % {"least": tell_points(one.least)})
    if evidence := text.told(one.evidence, text.language):
        said.append(_("evidence: %(evidence)s") % {"evidence": evidence})
    if one.needs_file:
        said.append(_("a document is required"))
    return ", ".join(said)


def tell_differences(old: SchemeText, new: SchemeText) -> list[str]:
    """Return the additions, removals and changes in a scheme since the previous version."""
    was = dict(tell_figures(old))
    told = [
        _("%(what)s: %(new)s instead of %(old)s.")
        % {"what": label, "new": value, "old": was[label]}
        for label, value in tell_figures(new)
        if value != was[label]
    ]
    for name, label in _texts().items():
        if (before := getattr(old, name)) != (after := getattr(new, name)):
            told.append(_tell_changed(label, before, after, new.language))
    for label, before, after in (
        (_("Issuers"), _issuers(old), _issuers(new)),
        (_("Criteria"), _parts(old, old.criteria), _parts(new, new.criteria)),
        (_("Indicators"), _parts(old, old.indicators()), _parts(new, new.indicators())),
        (_("Conditions"), _parts(old, old.conditions), _parts(new, new.conditions)),
        (_("Levels"), _parts(old, old.levels), _parts(new, new.levels)),
        (_("Quotas"), _parts(old, old.quotas), _parts(new, new.quotas)),
    ):
        told += _compare(label, before, after)
    return told


def _texts() -> dict[str, str]:
    return {
        "title": _("Name of the label"),
        "about": _("What it stands for"),
        "audience": _("Who can apply"),
        "recognition": _("Mutual recognition"),
        "conflicts": _("When a juror has a conflict of interest"),
        "appeals": _("How to appeal"),
    }


def _tell_changed(
    label: str, before: Mapping[str, str], after: Mapping[str, str], language: str
) -> str:
    if before.get(language) == after.get(language):
        return _("Changed in translation: %(what)s") % {"what": label}
    return _("Changed: %(what)s") % {"what": label}


def _issuers(text: SchemeText) -> dict[str, tuple[str, Any]]:
    return {str(one.organisation): (one.name, one) for one in text.issuers}


def _parts(text: SchemeText, items: Iterable[Any]) -> dict[str, tuple[str, Any]]:
    """Return parts by their keys: their names, and themselves without what belongs to them."""
    return {one.key: (text.told(one.title), _alone(one)) for one in items}


def _alone(one: Any) -> Any:
    return {
        name: getattr(one, name) for name in type(one).__dataclass_fields__ if name != "indicators"
    }


def _compare(
    label: str, before: Mapping[str, tuple[str, Any]], after: Mapping[str, tuple[str, Any]]
) -> Iterator[str]:
    for key, (name, one) in after.items():
        if key not in before:
            yield _("%(part)s: “%(name)s” is new.") % {"part": label, "name": name}
        elif before[key][1] != one:
            yield from _tell_otherwise(label, name, before[key][1], one)
    for key, (name, _one) in before.items():
        if key not in after:
            yield _("%(part)s: “%(name)s” has been removed.") % {"part": label, "name": name}


def _tell_otherwise(label: str, name: str, before: Any, after: Any) -> Iterator[str]:
    """Yield the changed figures of a part, or else that its words changed."""
    figures = {
        "weight": _("weight"),
        "least": _("threshold"),
        "scale": _("maximum points"),
        "most": _("at most"),
    }
    found = [
        _("%(what)s %(new)s instead of %(old)s")
        % {"what": word, "new": _plain(after[one]), "old": _plain(before[one])}
        for one, word in figures.items()
        if isinstance(after, dict) and one in after and before[one] != after[one]
    ]
    if found:
        yield _("%(part)s: “%(name)s”, %(changes)s.") % {
            "part": label,
            "name": name,
            "changes": join_items(found),
        }
    else:
        yield _("%(part)s: “%(name)s” has changed.") % {"part": label, "name": name}


def _plain(value: Decimal | int | None) -> str:
    return _("none") if value is None else tell_figure(Decimal(value))
