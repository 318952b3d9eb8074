"""Forms of the directory. They parse and validate fields; operations decide."""

from collections.abc import Callable, Iterable
from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from proxeny.directory.countries import country_choices
from proxeny.directory.memberlist.values import READERS
from proxeny.directory.queries.areas import Area, read_area

#: Languages offered on forms; an entry may hold others from an import.
LANGUAGES = ("en", "fr", "el", "ar", "de", "es", "it", "nl", "pt", "ro", "pl", "tr")


def language_name(code: str) -> str:
    """Return a language's name in the reader's language."""
    name: str = Locale.parse(translation.get_language() or "en", sep="-").languages.get(code, code)
    return name[:1].upper() + name[1:]


def language_choices(extra: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return code and name of the languages offered, and of those an entry has."""
    return [(code, language_name(code)) for code in dict.fromkeys((*LANGUAGES, *extra))]


class ManyWidget(forms.SelectMultiple):
    """A field for several of many choices, such as countries: a text input below the chosen items.

    Without JavaScript it is a list to choose from.
    """

    template_name = "directory/_many_field.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        texts = {
            "data-choose": _("Type a name"),
            "data-choose-remove": _("Remove: %s"),
            "data-choose-none": _("Nothing starts with “%s”."),
        }
        super().__init__({"size": 8, **texts, **(attrs or {})})


class CountriesField(forms.MultipleChoiceField):
    """Several countries, chosen by their names in the reader's language."""

    widget = ManyWidget

    def __init__(self, **values: Any) -> None:
        super().__init__(choices=country_choices, **values)


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
            return read_area(text)
        except ValueError:
            raise ValidationError(_("This area isn’t on the map.")) from None


class EndMembershipForm(forms.Form):
    """The end date of a membership, and the reason."""

    on = forms.DateField(
        label=_("Last day as a member"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    why = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only your cluster’s managers can read this."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"on": timezone.localdate()})
