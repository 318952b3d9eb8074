"""The shape of a declaration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext, gettext_noop

from proxeny.kernel.personal_data.activities import Activity

#: The placeholder for an erased name.
ERASED_NAME = gettext_noop("Erased person")


def tell_name(name: str) -> str:
    """Return a name for display; an erased one as a placeholder in the reader's language."""
    return gettext(name) if name == ERASED_NAME else name


@dataclass(frozen=True, slots=True)
class Keep:
    """A retention rule for rows.

    Attributes
    ----------
    days : int
        Number of days after the moment in the column `since`; a row where it is empty is kept.
    since : str
        A column with a date, a moment, or (`unit_s`) a count of units of that many seconds since
        1970.
    only : Q, optional
        The rows that the rule applies to; all if not given.
    empties : mapping, optional
        The row is kept and these columns get these values; without it the row is deleted.
    files : tuple of str
        Columns that name a `kernel.StoredFile`, which is deleted too.
    """

    days: int
    since: str
    only: Q | None = None
    empties: Mapping[str, Any] | None = None
    files: tuple[str, ...] = ()
    unit_s: int = 0


@dataclass(frozen=True, slots=True)
class Holding:
    """The personal data in one table.

    Paths are Django lookups from the row to `accounts.Person`, for instance `person`,
    `party__person`, or `person_id` where the kernel keeps a plain number.

    Attributes
    ----------
    activity : Activity
        The reason for holding the data, with purpose, legal basis and recipients. None: no personal
        data.
    what : str
        The rows in plain words, for the person they are about ("Your seats").
    about : tuple of str
        Paths to the person that a row is about; its `personal` columns are theirs.
    by : tuple of str
        Paths to the person who made a row; its `personal` columns may be somebody else's, and are
        then neither shown to nor erased for the maker.
    addresses : mapping
        Columns with an e-mail address: the row is about the owner of the address. Each with
        the path to the organisation that wrote it there, or empty if Proxeny did.
    names : mapping
        Columns with a name as text, each with the path to an organisation: the row is about the
        person of that name who has, or had, a seat there.
    targets : (str, str), optional
        Columns with a model's label and a row's number: the row is about the same person as that
        row.
    hangs_on : mapping
        Columns with the number of a row of another table, each with that table's label: likewise.
    has_trail : bool
        Whether rows with `targets` that refer to these rows are about the person too. False where
        the person is only named in a record that belongs to an organisation.
    personal : mapping
        The values or expressions that erasure writes into columns of rows about the person;
        where a row is linked to them only by name, it writes into the column of that name alone.
    texts : tuple of str
        Free-text columns. Erasure removes the name wherever the person could have removed it
        by hand, and in rows about or by them; it removes the address everywhere.
    folded : mapping
        Columns with the searchable form of such texts, each with the function that folds them.
    copies : tuple of str
        Columns that Proxeny fills from other rows: mails, trails, reports (text or JSON). Erasure
        removes name and address; where `within` is given, the name only inside the organisations of
        the person.
    to_anybody : bool
        Whether `copies` name people to others of any organisation, as mails do: the name is then
        removed everywhere.
    within, rooms : tuple of str
        Paths to an organisation and to a partnership, for `copies`.
    hidden : tuple of str
        Columns left out of a download: secrets, hashes and purely technical values.
    veiled : tuple of str
        Columns left out of rows made by others: their identity and their reasons.
    shown : mapping, optional
        The columns of a download, if not all: name by lookup or expression.
    goes : bool or Q
        Whether erasure removes rows about the person (those that match) instead of replacing the
        person.
    moment : str
        Path to the date of a row that proves recent activity of the person; empty: it proves none.
    keep : tuple of Keep
        Retention rules. Empty: `why_kept` gives the reason, or rows last as long as their parent.
    why_kept : str
        The reason for keeping rows, in plain words.
    """

    activity: Activity | None = None
    what: Any = ""
    about: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    addresses: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[str, str] | None = None
    hangs_on: Mapping[str, str] = field(default_factory=dict)
    has_trail: bool = True
    personal: Mapping[str, Any] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    folded: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    copies: tuple[str, ...] = ()
    to_anybody: bool = False
    within: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    veiled: tuple[str, ...] = ()
    shown: Mapping[str, Any] | None = None
    goes: bool | Q = False
    moment: str = ""
    keep: tuple[Keep, ...] = ()
    why_kept: Any = ""

    @property
    def is_anybodys(self) -> bool:
        """Whether rows hold something about people."""
        return self.activity is not None


#: For tables that hold nothing about people.
NOBODY = Holding()
