"""Forms of the directory. They parse and say what is wrong with a field; operations decide."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from proxeny.directory.countries import country_name
from proxeny.directory.memberlist.values import READERS
from proxeny.directory.models import Kind
from proxeny.directory.queries import Facets, Filters
from proxeny.directory.queries.areas import Area
from proxeny.directory.vocabularies import NUTS, read_code

#: Languages offered on forms; an entry may hold others from an import.
LANGUAGES = ("en", "fr", "el", "ar", "de", "es", "it", "nl", "pt", "ro", "pl", "tr")


def language_name(code: str) -> str:
    """Return a language's name in the reader's language."""
    name = Locale.parse(translation.get_language() or "en", sep="-").languages.get(code, code)
    return name[:1].upper() + name[1:]


def language_choices(extra: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return code and name of the languages offered, and of those an entry has."""
    return [(code, language_name(code)) for code in dict.fromkeys((*LANGUAGES, *extra))]


class ReadField(forms.CharField):
    """A text that is read exactly as a cell of a member list is."""

    def __init__(self, *, reader: Callable[[str], Any], **values: Any) -> None:
        super().__init__(**values)
        self.reader = reader

    def clean(self, value: Any) -> Any:
        """Return the read value; a refusal is a sentence for the field."""
        text = super().clean(value)
        if not text:
            return self.reader("") if self.reader is READERS["sectors"] else ""
        try:
            return self.reader(text)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class AreaField(forms.CharField):
    """A part of the map: south, west, north and east in degrees, separated by commas."""

    def clean(self, value: Any) -> Area | None:
        """Return the four edges; None when nothing is asked."""
        text = super().clean(value)
        if not text:
            return None
        try:
            south, west, north, east = (float(part) for part in text.split(","))
        except ValueError:
            raise ValidationError(_("This is no part of the map.")) from None
        if not (-90 <= south <= north <= 180 and -180 <= west <= east <= 360):
            raise ValidationError(_("This is no part of the map."))
        return south, west, north, east


class DirectoryFilter(forms.Form):
    """What narrows the list."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=200,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    cluster = forms.TypedChoiceField(
        label=_("Cluster"), required=False, coerce=int, empty_value=None
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *Kind.choices]
    )
    field = forms.ChoiceField(label=_("Field"), required=False)
    nuts = ReadField(
        required=False, reader=partial(read_code, NUTS), max_length=5, widget=forms.HiddenInput
    )
    area = AreaField(required=False, max_length=80, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, facets: Facets) -> None:
        super().__init__(data)
        self.fields["cluster"].choices = [("", _("All clusters")), *facets.clusters]
        countries = [(code, country_name(code)) for code in facets.countries]
        self.fields["country"].choices = [("", _("All countries")), *sorted(countries, key=_second)]
        fields = [(name, name) for name in facets.fields]
        self.fields["field"].choices = [("", _("All fields")), *fields]

    def to_filters(self) -> Filters:
        """Return what was asked; what cannot be read is left out."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return Filters(**asked)


def _second(pair: tuple[str, str]) -> str:
    return pair[1]


class EndMembershipForm(forms.Form):
    """When a membership ends, and why."""

    on = forms.DateField(
        label=_("Last day as a member"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    why = forms.CharField(
        label=_("Reason"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only the managers of your cluster can read it."),
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"on": timezone.localdate()})
