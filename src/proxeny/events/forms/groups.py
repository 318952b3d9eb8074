"""Forms for organisers: tables, groups, and which group may ask which."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.events.models import Event, Group, Table
from proxeny.events.operations import NewGroup, NewTable
from proxeny.events.operations.groups import MAX_GROUPS
from proxeny.kernel.edit_conflicts import Part, VersionedForm

#: Number of empty lines for new groups in the form.
NEW_GROUPS = 2


class TablesForm(VersionedForm):
    """Number and names of tables and video rooms."""

    use_required_attribute = False

    tables = forms.IntegerField(
        label=gettext_lazy("Tables in the room"), min_value=0, max_value=200, initial=10
    )
    video = forms.IntegerField(
        label=gettext_lazy("Video rooms"), min_value=0, max_value=200, initial=0
    )
    names = forms.CharField(
        label=gettext_lazy("Names, one per line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "List tables first, then video rooms. Any without a name are numbered automatically."
        ),
    )

    @staticmethod
    def initial_of(event: Event, tables: Sequence[Table]) -> dict[str, Any]:
        """Return what the form shows of tables there are."""
        if not tables:
            return {"version": event.version}
        onsite = [table for table in tables if table.kind == Table.Kind.ONSITE]
        return {
            "version": event.version,
            "tables": len(onsite),
            "video": len(tables) - len(onsite),
            "names": "\n".join(table.name for table in tables),
        }

    def new_tables(self) -> list[NewTable]:
        """Return the tables, with names for those that were given none."""
        count, video = self.cleaned_data["tables"], self.cleaned_data["video"]
        lines = [line.strip() for line in self.cleaned_data["names"].splitlines()]
        names = [*lines, *[""] * (count + video)]
        return [
            NewTable(
                names[number] or _("Table %(number)d") % {"number": number + 1},
                Table.Kind.ONSITE,
            )
            if number < count
            else NewTable(
                names[number] or _("Video room %(number)d") % {"number": number + 1 - count},
                Table.Kind.VIDEO,
            )
            for number in range(count + video)
        ]


class GroupsForm(VersionedForm):
    """Names of groups, and which cluster fills each."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        *,
        version: int,
        groups: Sequence[Group],
        parties: Iterable[tuple[int, str, str]],
        **options: Any,
    ) -> None:
        super().__init__(data, initial={"version": version}, **options)
        self.choices = [("", _("Either side")), *((str(pk), name) for pk, name, _side in parties)]
        #: Keys of the lines: a group's id, or `new1`, …
        self.keys: list[str] = []
        for group in groups:
            self._add_line(str(group.pk), group.name, str(group.organisation_id or ""))
        known = set(self.keys)
        for key in sorted(_posted_groups(data) - known) if data else ():
            # Removed by somebody else meanwhile: what was typed here stays in view.
            self._add_line(key, "", "")
        for number in range(1, NEW_GROUPS + 1):
            self._add_line(f"new{number}", "", "")

    def _add_line(self, key: str, name: str, cluster: str) -> None:
        self.keys.append(key)
        self.fields[f"name_{key}"] = forms.CharField(
            label=_("Name"), required=False, max_length=80, initial=name
        )
        self.fields[f"cluster_{key}"] = forms.ChoiceField(
            label=_("Members from"), required=False, choices=self.choices, initial=cluster
        )

    def parts(self) -> list[Part]:
        """Return each field, named with the group it is of."""
        found = []
        for key in self.keys:
            name = self.fields[f"name_{key}"].initial or _("a new group")
            found += [
                Part(f"name_{key}", _("Name of “%(name)s”") % {"name": name}, (f"name_{key}",)),
                Part(
                    f"cluster_{key}",
                    _("Members of “%(name)s” come from") % {"name": name},
                    (f"cluster_{key}",),
                ),
            ]
        return found

    @classmethod
    def tell_posted(cls, name: str, values: Sequence[str]) -> tuple[Any, str] | None:
        """Return label and text of a posted field: the names of groups."""
        return (_("Group"), values[-1]) if name.startswith("name_") else None

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """Return `(name, cluster)` for each line."""
        return [(self[f"name_{key}"], self[f"cluster_{key}"]) for key in self.keys]

    def new_groups(self) -> list[NewGroup]:
        """Return the lines that have a name; a line emptied is a group removed."""
        values = self.cleaned_data
        return [
            NewGroup(
                name=values[f"name_{key}"],
                organisation_id=int(values[f"cluster_{key}"] or 0) or None,
                id=int(key) if key.isdigit() else None,
            )
            for key in self.keys
            if values[f"name_{key}"].strip()
        ]


def _posted_groups(data: Any) -> set[str]:
    keys = [name.removeprefix("name_") for name in data if name.startswith("name_")]
    return {key for key in keys[: 2 * MAX_GROUPS] if key.isdecimal() and len(key) < 19}


class RulesForm(VersionedForm):
    """Table of checkboxes: which group may ask which."""

    use_required_attribute = False
    transient = frozenset({"accept_loss"})

    accept_loss = forms.BooleanField(
        label=gettext_lazy("Close these directions anyway"), required=False
    )

    def __init__(
        self,
        data: Any = None,
        *,
        version: int,
        groups: Sequence[Group],
        directions: Any,
        **options: Any,
    ) -> None:
        super().__init__(data, initial={"version": version}, **options)
        self.groups = groups
        for source in groups:
            for target in groups:
                self.fields[f"rule_{source.pk}_{target.pk}"] = forms.BooleanField(
                    label=_("%(source)s can request meetings with %(target)s")
                    % {"source": source.name, "target": target.name},
                    required=False,
                    initial=directions.get((source.pk, target.pk), True),
                )

    @property
    def rows(self) -> list[tuple[Group, list[Any]]]:
        """Return each asking group with its ticks."""
        return [
            (source, [self[f"rule_{source.pk}_{target.pk}"] for target in self.groups])
            for source in self.groups
        ]

    def allowed(self) -> dict[tuple[int, int], bool]:
        """Return `{(asking, asked): bool}`."""
        return {
            (source.pk, target.pk): self.cleaned_data[f"rule_{source.pk}_{target.pk}"]
            for source in self.groups
            for target in self.groups
        }
