"""The documents of a bid with their versions; the bytes stay in the database but for a download."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, Paper, PaperVersion
from proxeny.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Kept:
    """A document with its versions, the newest first."""

    paper: Paper
    versions: Sequence[PaperVersion]

    @property
    def newest(self) -> PaperVersion | None:
        """The version that counts."""
        return self.versions[0] if self.versions else None

    @property
    def earlier(self) -> Sequence[PaperVersion]:
        """The versions before it."""
        return self.versions[1:]

    @property
    def is_missing(self) -> bool:
        """Whether it has to be there to submit, and no version is."""
        return self.paper.is_required and not self.versions


def read_papers(bid: Bid) -> list[Kept]:
    """Return the documents of a bid: by kind, those that have to be there first. Two queries."""
    versions = PaperVersion.objects.select_related("person").order_by("-number")
    found = Paper.objects.filter(bid=bid, dropped_at=None).prefetch_related(
        Prefetch("versions", queryset=versions)
    )
    order = list(Paper.Kind)
    rows = [Kept(one, list(one.versions.all())) for one in found]

    def place(row: Kept) -> tuple[Any, ...]:
        paper = row.paper
        return order.index(Paper.Kind(paper.kind)), not paper.is_required, paper.title, paper.pk

    return sorted(rows, key=place)


def get_paper(partnership_id: int, bid_id: int, paper_id: int) -> Paper:
    """Return a document, archived or not; `NotFound` if the reader sees none. One query."""
    found = Paper.objects.filter(pk=paper_id, bid_id=bid_id, partnership_id=partnership_id).first()
    if found is None:
        raise NotFound(_("We couldn’t find this document."))
    return found


def newest_of(paper: Paper) -> PaperVersion | None:
    """Return the newest version of a document, without its bytes; None if there is none. One query."""
    return PaperVersion.objects.filter(paper=paper).order_by("-number").first()


def get_version(partnership_id: int, bid_id: int, paper_id: int, number: int) -> PaperVersion:
    """Return a version with its bytes; `NotFound` if the reader sees none. One query."""
    found = (
        PaperVersion.objects.defer(None)
        .filter(
            paper_id=paper_id, number=number, paper__bid_id=bid_id, partnership_id=partnership_id
        )
        .first()
    )
    if found is None:
        raise NotFound(_("We couldn’t find this version."))
    return found
