"""A data subject: one person by all their identifiers, and the rows of a table about them."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from proxeny.kernel.personal_data.declared import Holding

#: Matches no row.
NO_ROW = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Subject:
    """One person.

    Attributes
    ----------
    people : frozenset of int
        Rows of `accounts.Person` that are this person; none for a contact without one.
    names : frozenset of str
        All names under which rows know the person.
    addresses : frozenset of str
        E-mail addresses, in lower case. Those of a person are proved to be theirs.
    organisations : frozenset of int
        Where the person has, or had, a seat; for a contact, the organisation that names them.
    keepers : frozenset of int
        Clusters that keep the entries of `organisations`.
    partnerships : frozenset of int
        Partnerships of `organisations` and `keepers`.
    is_proved : bool
        Whether addresses count everywhere. If not, they were typed by somebody else, and count
        only inside `organisations`: nobody erases what another cluster holds by typing an address.
    has_namesake : bool
        Whether somebody else here bears one of the names.
    """

    people: frozenset[int]
    names: frozenset[str]
    addresses: frozenset[str]
    organisations: frozenset[int] = frozenset()
    keepers: frozenset[int] = frozenset()
    partnerships: frozenset[int] = frozenset()
    is_proved: bool = True
    has_namesake: bool = False


def rows_about(holding: Holding, subject: Subject) -> Q:
    """Return which rows of a table are about the person."""
    return rows_certainly_about(holding, subject) | rows_by_name(holding, subject)


def rows_certainly_about(holding: Holding, subject: Subject) -> Q:
    """Return which rows name the person by number or address."""
    found = [Q(**{f"{path}__in": subject.people}) for path in holding.about if subject.people]
    for column, organisation in holding.addresses.items():
        for address in sorted(subject.addresses):
            theirs = Q(**{f"{column}__iexact": address})
            if organisation and not subject.is_proved:
                theirs &= Q(**{f"{organisation}__in": subject.organisations})
            found.append(theirs)
    return reduce(or_, found, NO_ROW)


def rows_by_name(holding: Holding, subject: Subject) -> Q:
    """Return which rows name the person by name, inside their organisations."""
    found = NO_ROW
    for column, organisation in holding.names.items():
        inside = Q(**{f"{organisation}__in": subject.organisations})
        theirs = has_name(column, subject) & inside
        # Where two bear the name, a row that names one of them by number is that one's.
        found |= theirs & of_nobody_else(holding) if subject.has_namesake else theirs
    return found


def has_name(column: str, subject: Subject) -> Q:
    """Return in which rows a column is one of the names."""
    same = (Q(**{f"{column}__iexact": name}) for name in sorted(subject.names))
    return reduce(or_, same, NO_ROW)


def of_nobody_else(holding: Holding) -> Q:
    """Return which rows name nobody by number."""
    return Q(**{f"{path}__isnull": True for path in holding.about})


def rows_by(holding: Holding, subject: Subject) -> Q:
    """Return which rows of a table the person made."""
    found = [Q(**{f"{path}__in": subject.people}) for path in holding.by if subject.people]
    return reduce(or_, found, NO_ROW)


def rows_within(holding: Holding, subject: Subject) -> Q:
    """Return which rows belong to the person's organisations, their keepers and partnerships."""
    near = subject.organisations | subject.keepers
    found = [Q(**{f"{path}__in": near}) for path in holding.within]
    found += [Q(**{f"{path}__in": subject.partnerships}) for path in holding.rooms]
    return reduce(or_, found, NO_ROW)
