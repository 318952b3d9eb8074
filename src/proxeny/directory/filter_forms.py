"""Forms that narrow the lists of the directory, with the number of hits beside each choice."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proxeny.directory.countries import country_name
from proxeny.directory.forms import AreaField, language_name
from proxeny.directory.models import Kind, Listing, Size
from proxeny.directory.queries import Choice, Filters, ListingFilters
from proxeny.directory.vocabularies import NACE, NUTS, own_label
from proxeny.kernel.view_helpers import read_number

Labels = Callable[[str], str]


class AnyChoice(forms.ChoiceField):
    """A choice among values of the list; any other value in an address matches nothing."""

    def __init__(self, *, empty: Any, **values: Any) -> None:
        super().__init__(required=False, **values)
        self.empty = empty

    def validate(self, value: Any) -> None:
        """Take any value; the database compares it and nothing else."""

    def to_python(self, value: Any) -> str:
        """Return the text, of a length that a value can have."""
        return str(super().to_python(value)).replace("\x00", "")[:80]

    def offer(self, found: Sequence[Choice], label: Labels) -> None:
        """Offer the values found, by their label, each with its count."""
        named = sorted((one.label or label(one.value), one) for one in found)
        self.choices = [
            ("", self.empty),
            *((one.value, _counted(name, one)) for name, one in named),
        ]


def _counted(label: str, choice: Choice) -> str:
    number = formats.number_format(choice.count, force_grouping=True)
    if choice.is_exact:
        return gettext("%(label)s (%(number)s)") % {"label": label, "number": number}
    return gettext("%(label)s (about %(number)s)") % {"label": label, "number": number}


def _search() -> forms.CharField:
    return forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )


class FilterForm(forms.Form):
    """Filters of a list; `offer` fills their choices once the hits are counted."""

    #: Fields that most people leave alone.
    FURTHER: tuple[str, ...] = ()
    LABELS: Mapping[str, Labels] = {}

    def asked(self) -> dict[str, Any]:
        """Return the filters; invalid values are left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def offer(self, facets: Mapping[str, Sequence[Choice]]) -> None:
        """Fill the choices with the values of the list."""
        for name, found in facets.items():
            field = self.fields.get(name)
            if isinstance(field, AnyChoice):
                field.offer(found, self.LABELS.get(name, str))

    def first_fields(self) -> list[forms.BoundField]:
        """Return the fields shown at first, without the search words."""
        return [one for one in self if one.name != "q" and one.name not in self.FURTHER]

    def further_fields(self) -> list[forms.BoundField]:
        """Return the collapsed fields."""
        return [self[name] for name in self.FURTHER]

    def is_further(self) -> bool:
        """Whether one of those is in use."""
        return any(self[name].value() for name in self.FURTHER)


def _labels_of(choices: Iterable[tuple[str, Any]]) -> Labels:
    known = dict(choices)
    return lambda value: str(known.get(value, value))


def _own(scheme: str, code: str) -> str:
    return own_label(scheme, code) or code


class DirectoryFilter(FilterForm):
    """Filters of the list of organisations."""

    q = _search()
    cluster = AnyChoice(label=_("Cluster"), empty=_("All clusters"))
    country = AnyChoice(label=_("Country"), empty=_("All countries"))
    kind = AnyChoice(label=_("Kind"), empty=_("All kinds"))
    field = AnyChoice(label=_("Field"), empty=_("All fields"))
    size = AnyChoice(label=_("Size"), empty=_("All sizes"))
    nace = AnyChoice(label=_("Sector (NACE)"), empty=_("All sectors"))
    nuts = AnyChoice(label=_("Region"), empty=_("All regions"))
    language = AnyChoice(label=_("Language"), empty=_("All languages"))
    has = AnyChoice(label=_("Offers and needs"), empty=_("With or without"))
    area = AreaField(required=False, max_length=80, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    FURTHER = ("size", "nace", "nuts", "language", "has")
    LABELS = {
        "country": country_name,
        "kind": _labels_of(Kind.choices),
        "size": _labels_of(Size.choices),
        "nace": partial(_own, NACE),
        "nuts": partial(_own, NUTS),
        "language": language_name,
        "has": _labels_of([("offer", _("Offers something")), ("need", _("Needs something"))]),
    }

    def to_filters(self) -> Filters:
        """Return the filters; invalid values are left out."""
        asked = self.asked()
        cluster = read_number(asked.pop("cluster", ""))
        return Filters(**asked, cluster=cluster or None)


class ListingFilter(FilterForm):
    """Filters of the list of offers and needs."""

    q = _search()
    direction = AnyChoice(label=_("Offer or need"), empty=_("Both"))
    kind = AnyChoice(label=_("Kind"), empty=_("All kinds"))
    country = AnyChoice(label=_("Country"), empty=_("All countries"))
    field = AnyChoice(label=_("Field"), empty=_("All fields"))
    is_open = forms.BooleanField(label=_("Open to interest"), required=False)
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    LABELS = {
        "direction": _labels_of(Listing.Direction.choices),
        "kind": _labels_of(Listing.Kind.choices),
        "country": country_name,
    }

    def to_filters(self) -> ListingFilters:
        """Return the filters; invalid values are left out."""
        return ListingFilters(**self.asked())


def filters_of(scope: str, query: str) -> Filters | ListingFilters:
    """Return the filters in the query string of a list; `scope` names the list."""
    form = DirectoryFilter if scope == "organisations" else ListingFilter
    return form(QueryDict(query)).to_filters()
