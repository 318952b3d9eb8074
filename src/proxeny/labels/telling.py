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
from proxeny.kernel.lists import join_items
from proxeny.labels.content import CriterionText, IndicatorText, QuotaText, SchemeText
from proxeny.labels.models import Scheme
from proxeny.partnerships.amounts import tell_amount
from proxeny.partnerships.models import Partnership

#: So long a text is signed; what is longer is named by its checksum.
_MOST = 19_000


def tell_figure(value: Decimal) -> str:
    """Return a figure in the reader's language, with as many digits as it needs."""
    return str(number_format(Decimal(format(value.normalize(), "f"))))


def tell_percent(value: Decimal) -> str:
    """Return percent in the reader's language."""
    return _("%(figure)s %%") % {"figure": tell_figure(value)}


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
    """Return how several scores become one, in words."""
    return str(dict(Scheme.Rule.choices).get(rule, rule))


def tell_quota(one: QuotaText, name: str = "") -> str:
    """Return what a quota says, in words: countries, and how much of the places.

    The countries are left out where they are what it is called.
    """
    share = (
        _("at least %(least)s of the places") % {"least": tell_percent(one.least)}
        if one.most is None else
        _("%(least)s to %(most)s of the places")
        % {"least": tell_percent(one.least), "most": tell_percent(one.most)}
    )  # fmt: skip
    countries = tell_countries(one.countries)
    return share if countries == name else f"{countries}: {share}"


def tell_fee(amount: Decimal, currency: str) -> str:
    """Return a fee in words."""
    return tell_amount(amount, currency) if amount else _("none")


def tell_figures(text: SchemeText) -> list[tuple[str, str]]:
    """Return how it is judged and what it costs: what each figure is, and the figure."""
    anonymous = (
        _("no: they read the project, and not who applies") if text.is_anonymous else _("yes")
    )
    appeal = (
        ngettext("%(count)d day from the letter on", "%(count)d days from the letter on",
                 text.appeal_days) % {"count": text.appeal_days}
        if text.appeal_days else _("none")
    )  # fmt: skip
    return [
        (_("Least total"), tell_percent(text.total_least)),
        (_("Jurors for each application"), str(text.per)),
        (_("Scores that an indicator needs"), str(text.least_scores)),
        (_("Several scores become one"), tell_rule(text.rule)),
        (_("Jurors know who applies"), anonymous),
        (_("Time to appeal"), appeal),
        (_("Fee of an application"), tell_fee(text.fee_application, text.currency)),
        (_("Fee of an award"), tell_fee(text.fee_award, text.currency)),
        (_("An award holds for"), tell_months(text.valid_months)),
        (_("It can be renewed in the last"), tell_months(text.renew_months)),
        (_("Open to"), _tell_open(text)),
        (_("Languages"), join_items(
            get_language_info(one)["name_translated"] for one in text.languages
        )),
    ]  # fmt: skip


def _tell_open(text: SchemeText) -> str:
    kinds = tell_kinds(text.kinds) if text.kinds else _("organisations of every kind")
    places = tell_countries(text.countries) if text.countries else _("from any country")
    return f"{kinds}; {places}"


def write_text(
    partnership: Partnership, text: SchemeText, *, number: int, contact: str, checksum: str
) -> str:
    """Return what all sides sign, in English around the label's own words: the same for the same."""
    with override("en"):
        address = f"{settings.BASE_URL}{reverse('labels:public', args=[text.slug])}"
        lines = [
            _("Label “%(title)s”, version %(number)s")
            % {"title": text.told(text.title, text.language), "number": number},
            _("Partnership: %(title)s") % {"title": partnership.title},
            _("Where everybody will read it: %(address)s") % {"address": address},
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
        (_("Issuers"), join_items(f"{one.name} ({country_name(one.country)})" if one.country
                                  else one.name for one in text.issuers)),
        (_("Mutual recognition"), own(text.recognition)),
        (_("What it stands for"), own(text.about)),
        (_("Figures"), _lines(f"{label}: {value}" for label, value in tell_figures(text))),
        *((_("Criterion"), _criterion(text, one)) for one in text.criteria),
        (_("Conditions"), _lines(own(one.title) for one in text.conditions)),
        (_("Levels"), _lines(f"{own(one.title)}: {tell_percent(one.least)}"
                             for one in text.levels)),
        (_("Quotas"), _lines(f"{own(one.title)}: {tell_quota(one, own(one.title))}"
                             for one in text.quotas)),
        (_("Who can apply"), own(text.audience)),
        (_("When a juror has a conflict of interest"), own(text.conflicts)),
        (_("How one appeals"), own(text.appeals)),
        (_("E-mail address"), contact),
    )  # fmt: skip
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
        said.append(_("a document has to be there"))
    return ", ".join(said)


def tell_differences(old: SchemeText, new: SchemeText) -> list[str]:
    """Return what is new, gone or otherwise in a scheme, compared with the version before."""
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
        "title": _("Name of the label"), "about": _("What it stands for"),
        "audience": _("Who can apply"), "recognition": _("Mutual recognition"),
        "conflicts": _("When a juror has a conflict of interest"), "appeals": _("How one appeals"),
    }  # fmt: skip


def _tell_changed(
    label: str, before: Mapping[str, str], after: Mapping[str, str], language: str
) -> str:
    if before.get(language) == after.get(language):
        return _("Changed in a translation: %(what)s") % {"what": label}
    return _("Changed: %(what)s") % {"what": label}


def _issuers(text: SchemeText) -> dict[str, tuple[str, Any]]:
    return {str(one.organisation): (one.name, one) for one in text.issuers}


def _parts(text: SchemeText, items: Iterable[Any]) -> dict[str, tuple[str, Any]]:
    """Return parts by their keys: their names, and themselves without what belongs to them."""
    return {one.key: (text.told(one.title), _alone(one)) for one in items}


def _alone(one: Any) -> Any:
    return {
        name: getattr(one, name) for name in type(one).__dataclass_fields__ if name != "indicators"
    }  # fmt: skip


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
            yield _("%(part)s: “%(name)s” is gone.") % {"part": label, "name": name}


def _tell_otherwise(label: str, name: str, before: Any, after: Any) -> Iterator[str]:
    """Yield which figures of a part changed, else that its words did."""
    figures = {
        "weight": _("weight"), "least": _("threshold"), "scale": _("most points"),
        "most": _("at most"),
    }  # fmt: skip
    found = [
        _("%(what)s %(new)s instead of %(old)s")
        % {"what": word, "new": _plain(after[one]), "old": _plain(before[one])}
        for one, word in figures.items()
        if isinstance(after, dict) and one in after and before[one] != after[one]
    ]
    if found:
        yield _("%(part)s: “%(name)s”, %(changes)s.") % {
            "part": label, "name": name, "changes": join_items(found),
        }  # fmt: skip
    else:
        yield _("%(part)s: “%(name)s” stands otherwise.") % {"part": label, "name": name}


def _plain(value: Decimal | int | None) -> str:
    return _("none") if value is None else tell_figure(Decimal(value))
