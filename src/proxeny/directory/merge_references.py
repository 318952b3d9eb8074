"""Every column that refers to an organisation, and its handling when two entries are merged.

Each capability tells of its own tables when Django is ready (`point`); a test compares what was
told with the models, so that a new column cannot be forgotten.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Doubled(Enum):
    """The handling of a row that the kept entry already has, where it can have only one."""

    REFUSE = "refuse"  #: The two are not merged, and the reason is given.
    LEAVE = "leave"  #: It stays with the entry that goes, and comes back with it.
    CLOSE = "close"  #: It moves, and ends today.


@dataclass(frozen=True, slots=True)
class Pointer:
    """One column.

    Attributes
    ----------
    model, field : str
        The table, as `events.Participation`, and its column: a foreign key, an array of ids, or a
        plain number.
    stays : str
        Why it is not moved; empty where it is.
    doubled : Doubled
        What becomes of rows that the kept entry has already.
    sentence, named_by : str
        For a refusal: what the two have in common, with `%(names)s`, and the path to its name.
    over : Q
        Rows that count no more, for instance withdrawn ones: doubled, they are left.
    """

    model: str
    field: str = "organisation"
    stays: str = ""
    doubled: Doubled = Doubled.REFUSE
    sentence: Any = ""
    named_by: str = ""
    over: Q | None = None

    @property
    def key(self) -> str:
        """The column's name in full."""
        return f"{self.model}.{self.field}"


_POINTERS: dict[str, Pointer] = {}


def point(*pointers: Pointer) -> None:
    """Register columns that refer to organisations; called when Django is ready."""
    _POINTERS.update({one.key: one for one in pointers})


def pointers() -> Iterable[Pointer]:
    """Return all registered columns, by name."""
    return [_POINTERS[key] for key in sorted(_POINTERS)]


_CLUSTER = "of clusters that sign in, which are never merged"
_TRAIL = "the trail is not written anew; it is read with both"


def teach() -> None:
    """Register the tables of the directory and of lower layers; called when Django is ready."""
    point(
        Pointer("directory.Membership", doubled=Doubled.CLOSE),
        Pointer("directory.Membership", "cluster", doubled=Doubled.CLOSE),
        Pointer("directory.Listing"),
        Pointer("directory.ListingClient"),
        Pointer(
            "directory.Interest",
            sentence=_(
                "Both have an open expression of interest in %(names)s. Withdraw one of them first."
            ),
            named_by="listing__title",
        ),
        Pointer("directory.Identifier", doubled=Doubled.LEAVE),
        Pointer("directory.ProjectPart", doubled=Doubled.LEAVE),
        Pointer("directory.MatchList", doubled=Doubled.LEAVE),
        Pointer("directory.MatchChoice", doubled=Doubled.LEAVE),
        Pointer("directory.MatchChoice", "target", doubled=Doubled.LEAVE),
        Pointer("directory.Follow", doubled=Doubled.LEAVE),
        Pointer("accounts.Seat", doubled=Doubled.CLOSE),
        Pointer("accounts.Invitation"),
        Pointer("accounts.Erasure"),
        Pointer("directory.Interest", "sender", stays=_CLUSTER),
        Pointer("directory.Interest", "receiver", stays=_CLUSTER),
        Pointer("directory.Organisation", "steward", stays=_CLUSTER),
        Pointer("directory.Organisation", "merged_into", stays="merges are followed in a row"),
        Pointer("directory.ClusterProfile", stays="what the kept one says of itself stands"),
        Pointer("directory.Details", stays="facts are chosen one by one"),
        Pointer("directory.ProfileVector", stays="worked out anew from what the entry says"),
        Pointer("directory.DuplicatePair", "cluster", stays=_CLUSTER),
        Pointer("directory.DuplicatePair", "first", stays="asked through what was merged"),
        Pointer("directory.DuplicatePair", "second", stays="asked through what was merged"),
        Pointer("directory.Merge", "cluster", stays=_CLUSTER),
        Pointer("directory.Merge", "kept", stays="tells what happened"),
        Pointer("directory.Merge", "gone", stays="tells what happened"),
        Pointer("directory.MemberImport", "cluster", stays=_CLUSTER),
        Pointer("directory.Project", "steward", stays=_CLUSTER),
        Pointer("directory.SavedSearch", "known", stays="what was shown, compared with what is"),
        Pointer("kernel.AuditEntry", "organisation_id", stays=_TRAIL),
        Pointer("kernel.Job", "organisation_id", stays=_TRAIL),
        Pointer("kernel.StoredFile", "organisation_id", stays="files are a cluster's own"),
    )
