"""Forms of kept searches."""

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models import SavedSearch


class SearchNameForm(forms.Form):
    """The name of a saved search, and its mail setting."""

    name = forms.CharField(label=_("Name of the search"), max_length=120)
    notify = forms.BooleanField(label=_("Email me about new results"), required=False)


class SearchForm(SearchNameForm):
    """A search to keep."""

    scope = forms.ChoiceField(choices=SavedSearch.Scope, widget=forms.HiddenInput)
    query = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
