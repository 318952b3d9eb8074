"""The form of a cluster's profile."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.directory.ecosystems import ecosystem_choices
from proxeny.directory.forms import CountriesField
from proxeny.directory.models import ClusterProfile
from proxeny.directory.operations.clusters import FACTS, LISTING_DAYS
from proxeny.kernel.edit_conflicts import VersionedForm


class ClusterProfileForm(VersionedForm):
    """A cluster's profile in addition to its entry, and its way of working with its members."""

    staff_fte = forms.DecimalField(
        label=_("Staff (full-time equivalents)"),
        required=False,
        min_value=0,
        max_digits=6,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.05"}),
        help_text=_("Count a half-time person as 0.5."),
    )
    committed_members = forms.IntegerField(
        label=_("Committed members"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text=_("Leave empty if all your members are listed here: we count them for you."),
    )
    strategy = forms.CharField(
        label=_("Strategy"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    services = forms.CharField(
        label=_("Services for members"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    ecosystems = forms.MultipleChoiceField(
        label=_("Industrial ecosystems"),
        required=False,
        choices=ecosystem_choices,
        widget=forms.CheckboxSelectMultiple,
    )
    target_countries = CountriesField(label=_("Countries of interest"), required=False)
    reviews_listings = forms.BooleanField(
        label=_("An adviser reviews members’ offers and needs before they’re published"),
        required=False,
    )
    listing_days = forms.IntegerField(
        label=_("Days until an offer or need expires"),
        min_value=LISTING_DAYS[0],
        max_value=LISTING_DAYS[1],
    )
    second_factor_from = forms.DateField(
        label=_("Second factor required from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_(
            "From this date, everyone with a seat in your cluster must also sign in with a "
            "passkey or an authenticator app. Anyone without one is asked to set it up and can’t "
            "open anything else until then; their programs stop working too. Choose a date about "
            "two weeks ahead: everyone is reminded until then. Leave empty to require it of no "
            "one."
        ),
    )

    def __init__(self, data: Any = None, *, profile: ClusterProfile) -> None:
        initial = {name: getattr(profile, name) for name in (*FACTS, "version")}
        super().__init__(data, initial=initial)

    def to_changes(self) -> dict[str, Any]:
        """Return the typed values by name of a fact."""
        return {name: self.cleaned_data[name] for name in FACTS}
