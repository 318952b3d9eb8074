"""Form by which a guest asks for a new link."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AddressForm(forms.Form):
    """The address that the invitation went to."""

    email = forms.EmailField(
        label=_("Email address"),
        help_text=_("The address that your invitation was sent to."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
