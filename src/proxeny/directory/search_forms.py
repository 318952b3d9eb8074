"""Forms of kept searches."""

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models import SavedSearch


class SearchNameForm(forms.Form):
    """What a kept search is called, and whether mails tell of it."""

    name = forms.CharField(label=_("Name of the search"), max_length=120)
    notify = forms.BooleanField(label=_("Tell me of new ones by mail"), required=False)


class SearchForm(SearchNameForm):
    """A search to keep."""

    scope = forms.ChoiceField(choices=SavedSearch.Scope, widget=forms.HiddenInput)
    query = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
