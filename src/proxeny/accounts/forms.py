"""Forms for people: invitation, acceptance, handover, and the user's own profile."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import Role
from proxeny.accounts.queries import OrganisationChoice
from proxeny.kernel.edit_conflicts import VersionedForm
from proxeny.kernel.form_fields import ZoneField, choice_field


def language_choices() -> list[tuple[str, str]]:
    """Return the languages of the product, each in its own words."""
    # Each in its own language, so that everybody can recognise theirs.
    return [(code, get_language_info(code)["name_local"]) for code, _label in settings.LANGUAGES]


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class InviteForm(forms.Form):
    """An invitation to a seat: the invitee, the organisation and the role."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("Email"))
    organisation_id = forms.TypedChoiceField(label=_("Organisation"), coerce=int)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        help_text=_("Managers can sign and invite. Representatives speak for the organisation."),
    )
    language = forms.ChoiceField(
        label=_("Invitation language"), choices=language_choices, initial="en"
    )
    starts_on = _day(_("First day"), _("Leave empty to start on the day it’s accepted."))
    ends_on = _day(_("Last day"), _("Leave empty for the role to last until someone ends it."))

    def __init__(self, *args: Any, choices: list[OrganisationChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "organisation_id").choices = [(one.id, one.name) for one in choices]
        if len(choices) == 1:
            self.fields["organisation_id"].initial = choices[0].id
            self.fields["organisation_id"].widget = forms.HiddenInput()
        roles = {role for one in choices for role in one.roles}
        open_to = [pair for pair in Role.choices if pair[0] in roles]
        # Nobody becomes a manager because the first line of a list was left as it was.
        choice_field(self, "role").choices = (
            [("", _("Choose")), *open_to] if len(open_to) > 1 else open_to
        )


class HandOverForm(forms.Form):
    """The successor to a seat."""

    name = forms.CharField(label=_("Successor’s name"), max_length=150)
    email = forms.EmailField(label=_("Successor’s email"))
    language = forms.ChoiceField(
        label=_("Invitation language"), choices=language_choices, initial="en"
    )
    starts_on = _day(
        _("Successor’s first day"),
        _("Leave empty for the role to be transferred when they accept."),
    )


class LastDayForm(forms.Form):
    """The last day of a seat."""

    last_day = _day(_("Last day"), _("Leave empty for the role to last until someone ends it."))


class AcceptForm(forms.Form):
    """The newcomer's details: name, password, language."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        help_text=password_validators_help_text_html,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=language_choices)


class ProfileForm(VersionedForm):
    """Name, language and time zone."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=language_choices,
        help_text=_("Pages and emails are in this language."),
    )
    time_zone = ZoneField(
        label=_("Time zone"),
        help_text=_("All times are shown in this time zone, unless a page says otherwise."),
    )


class PeopleFilter(forms.Form):
    """Search and filter of the list of people."""

    q = forms.CharField(
        label=_("Name, email or organisation"),
        required=False,
        widget=forms.SearchInput(),
    )
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("All roles")), *Role.choices]
    )


class TrailFilter(forms.Form):
    """A filter of a record's history by action."""

    what = forms.ChoiceField(label=_("What"), required=False)

    def __init__(self, *args: Any, verbs: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "what").choices = [("", _("Everything")), *verbs]
