"""What a work package waits for, as boxes to tick."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.bids.models import WorkPackage
from proxeny.kernel.versions import VersionedForm


class NeedsForm(VersionedForm):
    """The work packages that have to end before one begins."""

    needs = forms.TypedMultipleChoiceField(
        label=_("Cannot begin before the end of"), required=False, coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, package: WorkPackage, packages: Iterable[WorkPackage],
        needs: Collection[int],
    ) -> None:  # fmt: skip
        initial = {"needs": list(needs), "version": package.version}
        super().__init__(data, initial=initial, auto_id=f"id_{package.pk}_%s")
        self.fields["needs"].choices = [  # type: ignore[attr-defined]
            (one.pk, f"{one.number} · {one.title}") for one in packages if one.pk != package.pk
        ]
