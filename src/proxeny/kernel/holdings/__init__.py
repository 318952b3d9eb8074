"""What each table holds about people, declared beside its model like `tenancy`.

From the one declaration follow the download of all that is held about a person (`reading`),
erasure (`erasing`), the daily dropping of what is no longer needed (`keeping`), and the record of
processing (`record`). A model that holds nothing about people says `holding = NOBODY`.
"""

from proxeny.kernel.holdings.activities import (
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
from proxeny.kernel.holdings.declared import ERASED_NAME, NOBODY, Holding, Keep, tell_name

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
