"""Forms of the service catalogue: a service in all languages, its delivery, and filters."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.forms.forms import DeclarativeFieldsMetaclass
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import Person
from proxeny.assessments.models import Question, Service, ServiceText
from proxeny.assessments.operations.catalogue import SIGNED, TERMS, ServiceFacts, Words
from proxeny.assessments.queries.catalogue import LANGUAGES, SORTS, Sought, Wanted
from proxeny.directory.countries import country_name
from proxeny.kernel.edit_conflicts import VersionedForm
from proxeny.kernel.form_fields import choice_field
from proxeny.kernel.personal_data import tell_name

State = Service.State
_COLUMNS = ("name", "summary", "details")


def _words_fields() -> dict[str, forms.Field]:
    """Return the fields of what a service is called and says, one set a language."""
    found: dict[str, forms.Field] = {}
    for code, language in settings.LANGUAGES:
        found[f"name_{code}"] = forms.CharField(
            label=format_lazy("{} ({})", _("Name"), language),
            max_length=120,
            required=False,
            widget=forms.TextInput(attrs={"lang": code}),
        )
        found[f"summary_{code}"] = forms.CharField(
            label=format_lazy("{} ({})", _("In one sentence"), language),
            max_length=300,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
        )
        found[f"details_{code}"] = forms.CharField(
            label=format_lazy("{} ({})", _("What you get, and who it’s for"), language),
            max_length=4000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 5, "lang": code}),
        )
    return found


class _Terms(forms.Form):
    """The terms that all sides sign."""

    use_required_attribute = False

    question = forms.ChoiceField(
        label=_("Market question"),
        choices=Question.choices,
        help_text=_("Determines which template the work starts with."),
    )
    price = forms.DecimalField(
        label=_("Price"),
        max_digits=9,
        decimal_places=2,
        help_text=_("Enter 0 if it’s free of charge."),
    )
    currency = forms.CharField(
        label=_("Currency"), max_length=3, help_text=_("Three-letter code, such as GBP.")
    )
    payer = forms.ChoiceField(label=_("Who pays"), choices=Service.Payer.choices)
    capacity = forms.IntegerField(
        label=_("Assessments at once"),
        help_text=_("How many assessments can run at once; others wait."),
        widget=forms.NumberInput(attrs={"min": 1, "max": 99}),
    )
    promised_days = forms.IntegerField(
        label=_("Turnaround (days)"),
        help_text=_("From the signed brief to the report."),
        widget=forms.NumberInput(attrs={"min": 5, "max": 365}),
    )


_Words = DeclarativeFieldsMetaclass("_Words", (forms.Form,), _words_fields())


class ServiceForm(_Terms, _Words, VersionedForm):  # type: ignore[misc, valid-type]
    """A service with its terms and its texts; texts of a language may be left empty."""

    sign_anew = forms.BooleanField(
        label=_(
            "I understand that all sides must sign the new terms before members see the service "
            "again"
        ),
        required=False,
    )
    transient = frozenset({"sign_anew"})

    def __init__(
        self,
        data: Any = None,
        *,
        currency: str = "EUR",
        service: Any = None,
        texts: Mapping[str, ServiceText] | None = None,
    ) -> None:
        initial: dict[str, Any] = {"currency": currency, "capacity": 3, "promised_days": 60}
        if service is not None:
            initial = {name: getattr(service, name) for name in (*TERMS, "version")}
        for code, words in (texts or {}).items():
            initial |= {f"{column}_{code}": getattr(words, column) for column in _COLUMNS}
        super().__init__(data, initial=initial)
        self.is_signed = service is not None and service.state in SIGNED
        if not self.is_signed:
            del self.fields["sign_anew"]

    def terms_fields(self) -> list[forms.BoundField]:
        """Return the fields of what all sign."""
        return [self[name] for name in TERMS]

    def languages(self) -> list[dict[str, Any]]:
        """Return the fields of each language, whether anything is written in it, and what fails."""
        return [
            {
                "code": code,
                "name": language,
                "fields": [self[f"{column}_{code}"] for column in _COLUMNS],
                "is_written": any(self[f"{column}_{code}"].value() for column in _COLUMNS),
                "has_errors": any(self[f"{column}_{code}"].errors for column in _COLUMNS),
            }
            for code, language in settings.LANGUAGES
        ]

    def facts(self) -> ServiceFacts:
        """Return the values for the operation."""
        found = self.cleaned_data
        texts = {
            code: Words(*(found[f"{column}_{code}"] for column in _COLUMNS)) for code in LANGUAGES
        }
        return ServiceFacts(**{name: found[name] for name in TERMS}, texts=texts)


class DelivererForm(forms.Form):
    """The person who delivers a service on the reader's side."""

    person = forms.TypedChoiceField(
        label=_("Person who delivers it on your side"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("Choose someone from your own cluster’s team.")},
    )

    def __init__(self, data: Any = None, *, people: Iterable[Person], current: int | None) -> None:
        super().__init__(data, initial={"person": current})
        named = [(one.pk, tell_name(one.name)) for one in people]
        choice_field(self, "person").choices = [("", _("no one yet")), *named]


class FindServicesForm(forms.Form):
    """A filter for the teams' list."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.SearchInput)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("In the catalogue")), *State.choices, ("all", _("All of them"))],
    )
    question = forms.ChoiceField(
        label=_("Market question"), required=False, choices=[("", _("All")), *Question.choices]
    )
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def wanted(self) -> Wanted:
        """Return the filter; invalid values are ignored."""
        self.is_valid()
        found = self.cleaned_data
        sort = found.get("sort") or "name"
        return Wanted(
            search=found.get("q") or "",
            state=found.get("state") or "",
            question=found.get("question") or "",
            sort=sort if sort.removeprefix("-") in SORTS else "name",
        )


class FindOffersForm(forms.Form):
    """A filter for the catalogue as members read it."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.SearchInput)
    question = forms.ChoiceField(
        label=_("What you want to know"),
        required=False,
        choices=[("", _("All")), *Question.choices],
    )
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, data: Any, *, countries: Iterable[str]) -> None:
        super().__init__(data)
        named = sorted((country_name(code), code) for code in countries)
        choice_field(self, "country").choices = [
            ("", _("All")),
            *((code, name) for name, code in named),
        ]

    def sought(self) -> Sought:
        """Return the filter; invalid values are ignored."""
        self.is_valid()
        found = self.cleaned_data
        return Sought(
            search=found.get("q") or "",
            question=found.get("question") or "",
            country=found.get("country") or "",
        )
