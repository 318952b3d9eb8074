"""The predecessors of a work package, as check boxes."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.bids.models import WorkPackage
from proxeny.kernel.edit_conflicts import VersionedForm
from proxeny.kernel.form_fields import choice_field


class NeedsForm(VersionedForm):
    """The work packages that have to end before one begins."""

    needs = forms.TypedMultipleChoiceField(
        label=_("Can’t start before the end of"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        package: WorkPackage,
        packages: Iterable[WorkPackage],
        needs: Collection[int],
    ) -> None:
        initial = {"needs": list(needs), "version": package.version}
        super().__init__(data, initial=initial, auto_id=f"id_{package.pk}_%s")
        choice_field(self, "needs").choices = [
            (one.pk, f"{one.number} · {one.title}") for one in packages if one.pk != package.pk
        ]
