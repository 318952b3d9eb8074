"""Edit conflicts: nothing is lost when two people edit one record, as both versions are shown.

A form that changes a record is a `VersionedForm`; a view saves it through `edit_record` and is
decorated with `keeping`. See docs/explanation/concurrent-edits.md for the whole process.
"""

from proxeny.kernel.edit_conflicts.comparing import Author, Comparison, Difference
from proxeny.kernel.edit_conflicts.editing import Editing, edit_record
from proxeny.kernel.edit_conflicts.forms import (
    Part,
    Standing,
    VersionedForm,
    tell_posted_field,
    tell_value,
)
from proxeny.kernel.edit_conflicts.marks import canonical, fingerprint
from proxeny.kernel.edit_conflicts.unsaved import keeping

__all__ = [
    "Author",
    "Comparison",
    "Difference",
    "Editing",
    "Part",
    "Standing",
    "VersionedForm",
    "canonical",
    "edit_record",
    "fingerprint",
    "keeping",
    "tell_posted_field",
    "tell_value",
]
