"""The forms of an entry: all its facts, in few sections."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from proxeny.directory.countries import country_choices
from proxeny.directory.forms import ReadField, language_choices
from proxeny.directory.identifiers import read_several, split_key, write_key
from proxeny.directory.memberlist.lists import write_list
from proxeny.directory.memberlist.values import READERS
from proxeny.directory.models import (
    IdentifierScheme,
    Kind,
    Organisation,
    QualityLabel,
    Size,
    Visibility,
    field_of,
)
from proxeny.directory.operations.facts import NAMES
from proxeny.directory.places import coordinates_of
from proxeny.directory.term_fields import RegionField, TermsField
from proxeny.directory.vocabularies import EUROSCIVOC, NACE
from proxeny.kernel.edit_conflicts import Part, VersionedForm
from proxeny.kernel.form_fields import choice_field

SCHEMES = tuple(str(scheme) for scheme in IdentifierScheme)
#: Collapsed fields on the form, by section.
FOLDED = {
    "sectors": ("nace", "topics", "languages"),
    "names": ("former_names", *SCHEMES),
    "place": ("nuts", "latitude", "longitude"),
}


def _member_kinds() -> list[tuple[str, Any]]:
    return [choice for choice in Kind.choices if choice[0] != Kind.CLUSTER]


def _text(field: str, **values: Any) -> forms.CharField:
    known = field_of(field)
    values.setdefault("label", str(known.verbose_name).capitalize())
    return forms.CharField(max_length=known.max_length, required=False, **values)


class ListField(forms.CharField):
    """Several values in one text, parted by commas, or by lines."""

    def __init__(
        self,
        *,
        reader: Callable[[str], list[str]] | None = None,
        parting: str = ", ",
        **values: Any,
    ) -> None:
        self.parting = parting
        self.reader = reader or self.split
        super().__init__(required=False, **values)

    def split(self, text: str) -> list[str]:
        """Return the parts of a text, each once."""
        parts = (" ".join(part.split()) for part in text.split(self.parting.strip(" ") or "\n"))
        return list(dict.fromkeys(part for part in parts if part))

    def prepare_value(self, value: Any) -> Any:
        """Return the text that shows several values."""
        return self.parting.join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        """Return the values; a refusal is a sentence for the field."""
        text = super().clean(self.prepare_value(value))
        try:
            return self.reader(text.replace("\r\n", "\n"))
        except ValueError as error:
            raise ValidationError(str(error)) from None


def _numbers(scheme: str, **values: Any) -> ListField:
    # The form itself gives the reader, which has to know the country.
    return ListField(label=IdentifierScheme(scheme).label, max_length=400, **values)


class OrganisationForm(VersionedForm):
    """Facts of an entry."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"))
    key = _text("key", label=_("Reference"), help_text=_("Your own number for this member."))
    country = forms.ChoiceField(label=_("Country"))
    region = _text("region", label=_("Region"))
    city = _text("city", label=_("City"))
    nuts = RegionField(
        label=_("NUTS region"),
        help_text=_("From the European Union’s list, in the country above."),
    )
    latitude = forms.FloatField(
        label=_("Latitude"),
        required=False,
        min_value=-90,
        max_value=90,
        widget=forms.NumberInput(attrs={"step": "any"}),
        help_text=_("In degrees. Leave empty to use the city’s location."),
    )
    longitude = forms.FloatField(
        label=_("Longitude"),
        required=False,
        min_value=-180,
        max_value=180,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    website = ReadField(label=_("Website"), required=False, reader=READERS["website"])
    contact = _text("contact", label=_("Contact person"))
    email = forms.EmailField(label=_("Contact email"), required=False)
    summary = _text(
        "summary",
        label=_("Summary"),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("What you do, who for, and what makes it special. In any language."),
    )
    language = forms.ChoiceField(label=_("Language of the text"))
    sectors = ReadField(
        label=_("Fields"),
        required=False,
        reader=READERS["sectors"],
        help_text=_("Separated by commas, for example: animation, heritage, virtual reality."),
    )
    nace = TermsField(
        NACE,
        label=_("Sectors (NACE)"),
        help_text=_("Words, or NACE Rev. 2.1 codes separated by commas, such as 62.10, 72."),
    )
    topics = TermsField(
        EUROSCIVOC,
        label=_("Fields of science"),
        help_text=_("Words, or EuroSciVoc codes such as /25/73."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages you work in"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "segmented"}),
    )
    employees = forms.IntegerField(
        label=_("Employees"),
        required=False,
        min_value=0,
        max_value=5_000_000,
        help_text=_(
            "Everyone who can see the entry sees the size band this falls into. The number "
            "itself is visible to those you choose below."
        ),
    )
    size = forms.ChoiceField(
        label=_("Size"),
        required=False,
        choices=[("", _("Based on the number of employees")), *Size.choices],
        help_text=_("If you don’t give a number of employees."),
    )
    founded = forms.IntegerField(
        label=_("Founded in"), required=False, min_value=1000, max_value=2100
    )
    quality_label = forms.ChoiceField(
        label=_("Quality label"),
        required=False,
        choices=[("", _("None")), *QualityLabel.choices],
        help_text=_("From the European Cluster Excellence Initiative."),
    )
    former_names = ListField(
        label=_("Former names"),
        parting="\n",
        max_length=4100,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("One per line. They also help people find the entry."),
    )
    vat = _numbers("vat", help_text=_("Separate several numbers with commas."))
    pic = _numbers("pic")
    national = _numbers("national")
    ror = _numbers("ror")
    lei = _numbers("lei")
    visibility = forms.ChoiceField(
        label=_("Visible to"), choices=Visibility.choices, widget=forms.RadioSelect
    )
    open_facts = forms.MultipleChoiceField(
        label=_("Also visible to anyone who can see the entry"),
        required=False,
        choices=[
            ("contact", _("The contact person, who has agreed to this")),
            ("email", _("The contact email, whose owner has agreed to this")),
            ("employees", _("The number of employees")),
            ("founded", _("The year founded")),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Anything you don’t tick is visible to your own people and your cluster, and to a "
            "partner only where your cluster deliberately shares it. “Visible to everyone” "
            "includes people who aren’t signed in."
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        organisation: Organisation | None = None,
        with_key: bool = False,
        **values: Any,
    ) -> None:
        if organisation is not None:
            values["initial"] = initial_of(organisation)
        super().__init__(data, **values)
        is_cluster = organisation is not None and organisation.is_cluster
        extra = organisation.languages if organisation else ()
        choice_field(self, "kind").choices = Kind.choices[:1] if is_cluster else _member_kinds()
        choice_field(self, "country").choices = [("", _("Choose a country")), *country_choices()]
        choice_field(self, "languages").choices = language_choices(extra)
        texts = [organisation.language] if organisation else ()
        choice_field(self, "language").choices = language_choices(texts)
        self._follow_country(organisation)
        if not with_key:
            del self.fields["key"]
        if not is_cluster:
            del self.fields["quality_label"]

    def _follow_country(self, organisation: Organisation | None) -> None:
        country = str(
            (self.data.get("country") if self.is_bound else "") or self.initial.get("country") or ""
        )
        region = cast("RegionField", self.fields["nuts"])
        region.offer(country, kept=organisation.nuts if organisation else "")
        for scheme in SCHEMES:
            numbers = cast("ListField", self.fields[scheme])
            numbers.reader = partial(read_several, scheme, country=country)

    def parts(self) -> Sequence[Part]:
        """Return the units of comparison: a place on the map is one."""
        point = Part("latitude", _("Location on the map"), ("latitude", "longitude"))
        return [
            point if part.name == "latitude" else part
            for part in super().parts()
            if part.name != "longitude"
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse half a place on the map."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        given = [found.get(name) is not None for name in ("latitude", "longitude")]
        if any(given) and not all(given) and not self.errors.keys() & {"latitude", "longitude"}:
            self.add_error("latitude", _("Enter both latitude and longitude, or neither."))
        return found

    @property
    def unfolded(self) -> set[str]:
        """The folded sections that have to be open: something in them is to be looked at."""
        names = {one.name for one in self.versions.differences} if self.versions else set()
        names |= set(self.errors)
        return {section for section, fields in FOLDED.items() if names.intersection(fields)}

    def to_changes(self) -> dict[str, Any]:
        """Return the typed values by name of a fact."""
        typed = self.cleaned_data
        numbers = [write_key(scheme, value) for scheme in SCHEMES for value in typed[scheme]]
        changes = {name: typed[name] for name in NAMES if name in typed}
        return changes | {"identifiers": sorted(numbers)}


def initial_of(organisation: Organisation) -> dict[str, Any]:
    """Return an entry's values for the form.

    What follows from another fact is not shown as if somebody had chosen it: the size that the
    staff gives, the place of the city.
    """
    shown = {name: organisation.fact(name) for name in (*NAMES, "version")}
    for scheme in SCHEMES:
        shown[scheme] = []
    for key in shown.pop("identifiers"):
        scheme, value = split_key(key)
        shown[scheme].append(value)
    if shown["employees"] is not None:
        shown["size"] = ""
    point = (organisation.latitude, organisation.longitude)
    if point == coordinates_of(organisation.city, organisation.country):
        shown |= {"latitude": None, "longitude": None}
    return shown | {"sectors": write_list(organisation.sectors)}


class CreateForm(OrganisationForm):
    """A member added by hand: the cluster it joins, and its facts."""

    cluster = forms.TypedChoiceField(label=_("Member of"), coerce=int)
    field_order = ("cluster",)

    def __init__(
        self, data: Any = None, *, clusters: Sequence[Organisation], **values: Any
    ) -> None:
        initial = {"country": clusters[0].country} if clusters else {}
        super().__init__(data, with_key=True, initial=initial, **values)
        choice_field(self, "cluster").choices = [(one.pk, one.name) for one in clusters]
        self.initial.setdefault("visibility", Visibility.PARTNERSHIP)
        self.initial.setdefault("language", translation.get_language())
        if len(clusters) == 1:
            self.fields["cluster"].widget = forms.HiddenInput()
        if clusters:
            self.initial.setdefault("cluster", clusters[0].pk)

    def to_changes(self) -> dict[str, Any]:
        """Return the typed values, and the cluster."""
        return super().to_changes() | {"cluster": self.cleaned_data["cluster"]}
