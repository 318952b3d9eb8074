"""Nothing lost when two people edit one record: both versions side by side, and a choice.

A form that changes a record is a `VersionedForm`; a view saves it through `edit_record` and wears
`keeping`. The whole path is told in docs/explanation/concurrent-edits.md.
"""

from proxeny.kernel.versions.comparing import Author, Comparison, Difference
from proxeny.kernel.versions.editing import Editing, edit_record
from proxeny.kernel.versions.forms import Part, Standing, VersionedForm, tell_value
from proxeny.kernel.versions.kept import keeping
from proxeny.kernel.versions.marks import canonical, fingerprint

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
    "tell_value",
]
