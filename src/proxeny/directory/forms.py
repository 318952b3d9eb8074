"""Forms of the directory. They parse and say what is wrong with a field; operations decide."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proxeny.directory.countries import country_name
from proxeny.directory.memberlist.values import READERS
from proxeny.directory.models import Kind, Listing
from proxeny.directory.queries import Facets, Filters
from proxeny.directory.queries.areas import Area
from proxeny.directory.vocabularies import NUTS, read_code
from proxeny.kernel.versions import Standing, VersionedForm

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


class ListingForm(VersionedForm):
    """An offer or a need."""

    direction = forms.ChoiceField(
        label=_("This is"), choices=[("offer", _("an offer")), ("need", _("a need"))],
        widget=forms.RadioSelect(attrs={"class": "segmented"}), initial="offer",
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("Of what kind"), choices=Listing.Kind.choices,
        widget=forms.RadioSelect(attrs={"class": "segmented"}), initial="business",
    )  # fmt: skip
    title = forms.CharField(
        label=_("In one line"), max_length=256, widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("For instance: virtual tours for museums, in four languages."),
    )  # fmt: skip
    summary = forms.CharField(
        label=_("In a few sentences"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("For whom, what is special, what a first step could be. Up to 500 characters."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of the text"))
    is_draft = forms.BooleanField(
        label=_("Keep it as a draft that only we and our cluster see"), required=False
    )

    def __init__(self, data: Any = None, *, listing: Listing | None = None, **values: Any) -> None:
        if listing is not None:
            names = ("direction", "kind", "title", "summary", "language", "version")
            values["initial"] = {name: getattr(listing, name) for name in names} | {
                "is_draft": listing.status == Listing.Status.DRAFT
            }
        super().__init__(data, **values)
        self.fields["language"].choices = language_choices([listing.language] if listing else ())
        self.initial.setdefault("language", translation.get_language())
        self.is_archived = bool(listing and listing.status == Listing.Status.ARCHIVED)

    def standings(self) -> dict[str, Standing]:
        """Return whether the text is in the archive: saving it publishes it."""
        if not self.is_archived:
            return {"archive": Standing("")}
        sentence = gettext("It was put into the archive; saving it brings it back.")
        return {"archive": Standing("archived", sentence)}

    def to_values(self) -> dict[str, Any]:
        """Return the typed values by the operations' parameter names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


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
