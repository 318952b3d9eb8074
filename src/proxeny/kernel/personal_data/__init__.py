"""Declarations of the personal data in each table, kept beside its model like `tenancy`.

Derived from the declarations: the download of all data about a person (`reading`), erasure
(`erasing`), the daily removal of data past its retention period (`keeping`), and the record of
processing activities (`record`). A model without personal data declares `holding = NOBODY`.
"""

from proxeny.kernel.personal_data.activities import (
    ACCOUNTABILITY,
    COOPERATION,
    DIRECTORY,
    MAIL,
    OPERATION,
    PROGRAMS,
    SIGN_IN,
    Activity,
    Basis,
)
from proxeny.kernel.personal_data.declared import ERASED_NAME, NOBODY, Holding, Keep, tell_name

__all__ = [
    "ACCOUNTABILITY",
    "COOPERATION",
    "DIRECTORY",
    "ERASED_NAME",
    "MAIL",
    "NOBODY",
    "OPERATION",
    "PROGRAMS",
    "SIGN_IN",
    "Activity",
    "Basis",
    "Holding",
    "Keep",
    "tell_name",
]
