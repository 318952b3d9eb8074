"""Forms of the directory. They parse and say what is wrong with a field; operations decide."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proxeny.directory.countries import country_choices, country_name
from proxeny.directory.memberlist.values import READERS
from proxeny.directory.models import Kind, Listing, Organisation, Visibility, field_of
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


def _member_kinds() -> list[tuple[str, Any]]:
    return [choice for choice in Kind.choices if choice[0] != Kind.CLUSTER]


def _text(field: str, **values: Any) -> forms.CharField:
    known = field_of(field)
    values.setdefault("label", str(known.verbose_name).capitalize())
    return forms.CharField(max_length=known.max_length, required=False, **values)


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


class OrganisationForm(VersionedForm):
    """Facts of an entry."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"))
    key = _text("key", label=_("Reference"), help_text=_("Your own number for this member."))
    country = forms.ChoiceField(label=_("Country"))
    region = _text("region", label=_("Region"))
    city = _text("city", label=_("City"))
    website = ReadField(label=_("Website"), required=False, reader=READERS["website"])
    contact = _text("contact", label=_("Contact person"))
    email = forms.EmailField(label=_("Contact e-mail"), required=False)
    summary = _text(
        "summary", label=_("Summary"), widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("What you do, for whom, and what is special about it. In any language."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of the text"))
    sectors = ReadField(
        label=_("Fields"), required=False, reader=READERS["sectors"],
        help_text=_("Separated by commas, for instance: animation, heritage, virtual reality."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages you work in"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "segmented"}),
    )
    employees = forms.IntegerField(
        label=_("Employees"), required=False, min_value=0, max_value=5_000_000
    )
    founded = forms.IntegerField(
        label=_("Founded in"), required=False, min_value=1000, max_value=2100
    )
    visibility = forms.ChoiceField(
        label=_("Visible to"), choices=Visibility.choices, widget=forms.RadioSelect,
        help_text=_("The contact person and e-mail are never shown to visitors without a sign-in."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, organisation: Organisation | None = None, with_key: bool = False,
        **values: Any,
    ) -> None:  # fmt: skip
        if organisation is not None:
            values["initial"] = initial_of(organisation)
        super().__init__(data, **values)
        is_cluster = organisation is not None and organisation.is_cluster
        extra = organisation.languages if organisation else ()
        self.fields["kind"].choices = Kind.choices[:1] if is_cluster else _member_kinds()
        self.fields["country"].choices = [("", _("Choose a country")), *country_choices()]
        self.fields["languages"].choices = language_choices(extra)
        texts = [organisation.language] if organisation else ()
        self.fields["language"].choices = language_choices(texts)
        if not with_key:
            del self.fields["key"]

    def to_changes(self) -> dict[str, Any]:
        """Return the typed values by field name."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def initial_of(organisation: Organisation) -> dict[str, Any]:
    """Return what the form shows of an entry."""
    names = [name for name in OrganisationForm.base_fields if name != "sectors"]
    return {
        **{name: organisation.fact(name) for name in names},
        "sectors": ", ".join(organisation.sectors),
    }


class CreateForm(OrganisationForm):
    """A member added by hand: the cluster it joins, and its facts."""

    cluster = forms.TypedChoiceField(label=_("Member of"), coerce=int)
    field_order = ("cluster",)

    def __init__(
        self, data: Any = None, *, clusters: Sequence[Organisation], **values: Any
    ) -> None:
        super().__init__(data, with_key=True, **values)
        self.fields["cluster"].choices = [(one.pk, one.name) for one in clusters]
        self.initial.setdefault("visibility", Visibility.PARTNERSHIP)
        self.initial.setdefault("language", translation.get_language())
        if len(clusters) == 1:
            self.fields["cluster"].widget = forms.HiddenInput()
        if clusters:
            self.initial.setdefault("cluster", clusters[0].pk)
            self.initial.setdefault("country", clusters[0].country)


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
