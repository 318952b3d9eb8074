"""The form of a cluster's profile."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.directory.countries import country_choices
from proxeny.directory.ecosystems import ecosystem_choices
from proxeny.directory.forms import ManyWidget
from proxeny.directory.models import ClusterProfile
from proxeny.directory.operations.clusters import FACTS, LISTING_DAYS
from proxeny.kernel.versions import VersionedForm


class ClusterProfileForm(VersionedForm):
    """What a cluster says beside its entry, and how it works with its members."""

    staff_fte = forms.DecimalField(
        label=_("Staff, in full-time equivalents"), required=False, min_value=0, max_digits=6,
        decimal_places=2, widget=forms.NumberInput(attrs={"step": "0.05"}),
        help_text=_("One person at half time is 0.5."),
    )  # fmt: skip
    committed_members = forms.IntegerField(
        label=_("Committed members"), required=False, min_value=0, max_value=1_000_000,
        help_text=_("Leave it empty where your list of members here is whole: it is counted."),
    )  # fmt: skip
    strategy = forms.CharField(
        label=_("Strategy"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )  # fmt: skip
    services = forms.CharField(
        label=_("Services for members"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )  # fmt: skip
    ecosystems = forms.MultipleChoiceField(
        label=_("Industrial ecosystems"), required=False, choices=ecosystem_choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    target_countries = forms.MultipleChoiceField(
        label=_("Countries of interest"), required=False, widget=ManyWidget,
    )  # fmt: skip
    reviews_listings = forms.BooleanField(
        label=_("An adviser reads members' offers and needs before they are published"),
        required=False,
    )
    listing_days = forms.IntegerField(
        label=_("Days until an offer or need expires"),
        min_value=LISTING_DAYS[0], max_value=LISTING_DAYS[1],
    )  # fmt: skip

    def __init__(self, data: Any = None, *, profile: ClusterProfile) -> None:
        initial = {name: getattr(profile, name) for name in (*FACTS, "version")}
        super().__init__(data, initial=initial)
        self.fields["target_countries"].choices = country_choices()

    def to_changes(self) -> dict[str, Any]:
        """Return the typed values by name of a fact."""
        return {name: self.cleaned_data[name] for name in FACTS}
