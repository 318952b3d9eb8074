"""Forms of an installation's set-up: the code, then the first cluster and its manager."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.forms import language_choices
from proxeny.directory.countries import country_choices
from proxeny.kernel.form_fields import ZoneField, choice_field, choices_of


class SetupCodeForm(forms.Form):
    """The code that Proxeny printed when it started."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Sixteen letters and digits, as in abcd-efgh-ijkl-mnop."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class SetupForm(forms.Form):
    """The first cluster, and whoever manages it."""

    cluster = forms.CharField(
        label=_("Name of the cluster"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = forms.ChoiceField(label=_("Country"))
    language = forms.ChoiceField(
        label=_("Language"),
        choices=language_choices,
        help_text=_("Your pages and emails are in this language. Everyone chooses their own."),
    )
    time_zone = ZoneField(label=_("Time zone"), required=False)
    person = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your email"),
        help_text=_("You sign in with this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        help_text=password_validators_help_text_html,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "country").choices = [("", _("Choose")), *country_choices()]
        choice_field(self, "time_zone").choices = [
            ("", _("That of the country")),
            *choices_of(self, "time_zone"),
        ]
        self.fields["language"].initial = get_language()
