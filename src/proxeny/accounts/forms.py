"""Forms of people: inviting, accepting, handing over, and one's own profile."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import Role
from proxeny.accounts.queries import OrganisationChoice
from proxeny.kernel.versions import VersionedForm
from proxeny.kernel.zones import zone_choices


def _languages() -> list[tuple[str, str]]:
    # Each in its own language: whoever looks for theirs may read no other.
    return [(code, get_language_info(code)["name_local"]) for code, _label in settings.LANGUAGES]


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class InviteForm(forms.Form):
    """Whom a manager invites, to which seat."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"))
    organisation_id = forms.TypedChoiceField(label=_("Organisation"), coerce=int)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        help_text=_("A manager signs and invites. A representative speaks for the organisation."),
    )
    language = forms.ChoiceField(
        label=_("Language of the invitation"), choices=_languages, initial="en"
    )
    starts_on = _day(_("First day"), _("Empty: on the day it is accepted."))
    ends_on = _day(_("Last day"), _("Leave it empty, and the seat lasts until somebody ends it."))

    def __init__(self, *args: Any, choices: list[OrganisationChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation_id"].choices = [(one.id, one.name) for one in choices]
        if len(choices) == 1:
            self.fields["organisation_id"].initial = choices[0].id
            self.fields["organisation_id"].widget = forms.HiddenInput()
        roles = {role for one in choices for role in one.roles}
        open_to = [pair for pair in Role.choices if pair[0] in roles]
        # Nobody becomes a manager because the first line of a list was left as it was.
        self.fields["role"].choices = [("", _("Choose")), *open_to] if len(open_to) > 1 else open_to


class HandOverForm(forms.Form):
    """Who takes a seat over."""

    name = forms.CharField(label=_("Name of the successor"), max_length=150)
    email = forms.EmailField(label=_("E-mail of the successor"))
    language = forms.ChoiceField(
        label=_("Language of the invitation"), choices=_languages, initial="en"
    )
    starts_on = _day(
        _("First day of the successor"), _("Empty: the seat changes hands when they accept.")
    )


class LastDayForm(forms.Form):
    """When a seat ends."""

    last_day = _day(_("Last day"), _("Leave it empty, and the seat lasts until somebody ends it."))


class AcceptForm(forms.Form):
    """What a newcomer tells: name, password, language."""

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
    language = forms.ChoiceField(label=_("Language"), choices=_languages)


class ProfileForm(VersionedForm):
    """Name, language and time zone."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=_languages,
        help_text=_("Pages and e-mails come in this language."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        help_text=_("All times are shown in it, unless a page says otherwise."),
    )


class PeopleFilter(forms.Form):
    """Search and filter of the list of people."""

    q = forms.CharField(
        label=_("Name, e-mail or organisation"),
        required=False,
        widget=forms.SearchInput(),
    )
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("All roles")), *Role.choices]
    )


class TrailFilter(forms.Form):
    """Which deeds of a record's history."""

    what = forms.ChoiceField(label=_("What"), required=False)

    def __init__(self, *args: Any, verbs: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [("", _("Everything")), *verbs]
