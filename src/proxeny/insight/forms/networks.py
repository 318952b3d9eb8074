"""The filter of a network's organisations, and the options of its picture."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.directory.countries import country_name
from proxeny.directory.models import Kind
from proxeny.folding import fold
from proxeny.insight.networks_presenters import FIGURES
from proxeny.kernel.form_fields import choice_field

_SEARCH = forms.SearchInput(attrs={"autocomplete": "off"})


class FindActorsForm(forms.Form):
    """A filter for the list; invalid values are ignored."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200, widget=_SEARCH)
    country = forms.ChoiceField(label=_("Country"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All")), *Kind.choices]
    )
    sort = forms.CharField(required=False, widget=forms.HiddenInput)
    cluster = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, countries: Iterable[str]) -> None:
        super().__init__(data)
        named = sorted(
            ((one, country_name(one)) for one in countries), key=lambda one: fold(one[1])
        )
        choice_field(self, "country").choices = [("", _("All")), *named]

    def asked(self) -> dict[str, str]:
        """Return the filter: words, country and kind."""
        self.is_valid()
        found = self.cleaned_data
        return {
            "words": found.get("q") or "",
            "country": found.get("country") or "",
            "kind": found.get("kind") or "",
        }

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return any(self.asked().values())

    def sort_by(self) -> str:
        """Return the figure (or `name`, `country`) by which to sort, `-` for the highest first."""
        self.is_valid()
        asked = self.cleaned_data.get("sort") or ""
        return asked if asked.lstrip("-") in {*FIGURES, "name", "country"} else "-strength"


class FindFigureForm(forms.Form):
    """The figure that is drawn over the years."""

    figure = forms.ChoiceField(
        label=pgettext_lazy("of statistics", "Figure"),
        choices=[(one.name, one.label) for one in FIGURES.values()],
    )
    cluster = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict) -> None:
        asked = data.copy()
        if asked.get("figure") not in FIGURES:
            asked["figure"] = "harmonic"
        super().__init__(asked)

    def chosen(self) -> str:
        """Return the figure; closeness where none is named."""
        self.is_valid()
        return str(self.cleaned_data["figure"])


class FindActorForm(forms.Form):
    """Words of a name by which one organisation is found."""

    find = forms.CharField(
        label=_("Find an organisation"), required=False, max_length=200, widget=_SEARCH
    )
    cluster = forms.CharField(required=False, widget=forms.HiddenInput)

    def words(self) -> str:
        """Return the search words."""
        self.is_valid()
        return str(self.cleaned_data.get("find") or "").strip()
