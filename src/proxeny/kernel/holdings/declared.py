"""The shape of a declaration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext, gettext_noop

from proxeny.kernel.holdings.activities import Activity

#: Stands where a person's name stood.
ERASED_NAME = gettext_noop("Erased person")


def tell_name(name: str) -> str:
    """Return a name as a reader is told it: what stands for an erased one in their language."""
    return gettext(name) if name == ERASED_NAME else name


@dataclass(frozen=True, slots=True)
class Keep:
    """How long rows are kept.

    Attributes
    ----------
    days : int
        So many days after the moment in the column `since`; a row where it is empty is kept.
    since : str
        A column with a date, a moment, or (`unit_s`) a count of so many seconds since 1970.
    only : Q, optional
        Which rows the rule is for; all if not given.
    empties : mapping, optional
        The row stays, and these columns get these values; without it the row goes.
    files : tuple of str
        Columns that name a `kernel.StoredFile`, which goes too.
    """

    days: int
    since: str
    only: Q | None = None
    empties: Mapping[str, Any] | None = None
    files: tuple[str, ...] = ()
    unit_s: int = 0


@dataclass(frozen=True, slots=True)
class Holding:
    """What one table holds about people.

    Paths are Django lookups from the row to `accounts.Person`, for instance `person`,
    `party__person`, or `person_id` where the kernel keeps a plain number.

    Attributes
    ----------
    activity : Activity
        What the data is for; gives purpose, legal basis and recipients. None: nobody's data.
    what : str
        The rows in plain words, for the person they are about ("Your seats").
    about : tuple of str
        Paths to the person whom a row is about; its `personal` columns are theirs.
    by : tuple of str
        Paths to the person who made a row; its `personal` columns may be somebody else's, and are
        then neither shown to nor erased for the maker.
    addresses : mapping
        Columns with an e-mail address: the row is about whom the address belongs to. Each with
        the path to the organisation that wrote it there, or empty if Proxeny did.
    names : mapping
        Columns with a name as text, each with the path to an organisation: the row is about the
        person of that name who has, or had, a seat there.
    targets : (str, str), optional
        Columns with a model's label and a row's number: the row is about whom that row is about.
    hangs_on : mapping
        Columns with the number of a row of another table, each with that table's label: likewise.
    has_trail : bool
        Whether rows with `targets` that tell of these rows are about the person too. Not where
        the person is only named in what is an organisation's.
    personal : mapping
        What erasure writes into which columns (values or expressions) of rows about the person;
        where a row is theirs by nothing but a name, into the column of that name alone.
    texts : tuple of str
        Columns in which people write freely. Erasure takes the name out wherever the person could
        have done it by hand, and in rows about or by them; and the address everywhere.
    folded : mapping
        Columns with such texts as they are searched, each with the function that folds them.
    copies : tuple of str
        Columns that Proxeny fills from other rows: mails, trails, reports (text or JSON). Erasure
        takes name and address out; where `within` is given, the name only inside the
        organisations of the person.
    to_anybody : bool
        Whether `copies` name people to others of any organisation, as mails do: the name is then
        taken out everywhere.
    within, rooms : tuple of str
        Paths to an organisation and to a partnership, for `copies`.
    hidden : tuple of str
        Columns that a download leaves out: secrets, hashes, what only the machine needs.
    veiled : tuple of str
        Columns left out of rows that others made: who they are, and why they did it.
    shown : mapping, optional
        What a download shows instead of all columns: name by lookup or expression.
    goes : bool or Q
        Whether erasure removes rows about the person (those that match) instead of replacing the
        person.
    moment : str
        Path to the date of a row that shows that the person still takes part; empty: it shows nothing.
    keep : tuple of Keep
        When rows are dropped. Empty: `why_kept` says why, or as long as what they belong to.
    why_kept : str
        Why rows are kept, in plain words.
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
