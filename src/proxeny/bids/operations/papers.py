"""Documents of a bid: brought, and brought anew; what was brought never changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.bids.models import Paper, PaperVersion
from proxeny.bids.operations.entering import Entered, enter_bid, note, refuse_closed
from proxeny.bids.queries.papers import get_paper, newest_of
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.files import CheckedFile, check_file
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.operations.records import add_record

#: So many versions of a document are kept.
MOST_VERSIONS = 100


@dataclass(frozen=True, slots=True)
class Brought:
    """A version that was brought; `missed`: it came after one that who brought it had not seen."""

    version: PaperVersion
    missed: PaperVersion | None = None


@transaction.atomic
def bring_paper(
    *, actor: Reader, partnership_id: int, bid_id: int, values: Mapping[str, Any], name: str,
    content: bytes, now: datetime, news: str = "",
) -> PaperVersion:  # fmt: skip
    """Add a document to a bid together with its first version.

    Two audit rows: as adding it and bringing a version would write one after the other.

    Parameters
    ----------
    values : mapping
        `title` (the name of the file, if it is empty), `kind`, `note`, `is_required`.
    news : str
        What the version brings.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `enter_bid`; the bid is not written any more, or holds too many documents.
    InvalidInput
        The file is not taken (its field is `file`), or a value does not hold.
    """
    checked = _check(name, content)
    entered = enter_bid(actor, partnership_id, bid_id)
    refuse_closed(entered.bid)
    title = " ".join(str(values.get("title", "")).split()) or checked.name.rpartition(".")[0]
    paper: Any = add_record(
        actor=actor, kind="bid-paper", partnership_id=partnership_id, now=now,
        values={**values, "bid": bid_id, "title": title},
    )  # fmt: skip
    return _keep(actor, entered, paper, checked, number=1, news=news, now=now)


@transaction.atomic
def bring_version(
    *, actor: Reader, partnership_id: int, bid_id: int, paper_id: int, name: str, content: bytes,
    now: datetime, news: str = "", seen: int | None = None,
) -> Brought:  # fmt: skip
    """Bring a document anew. It gets the next number, also where two people bring at once.

    Parameters
    ----------
    seen : int, optional
        The number of the newest version that the actor has seen: if there is another by now, both
        stay, and the result says which one was missed.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `enter_bid`; the bid is not written any more, the document was put away, or has too
        many versions.
    InvalidInput
        The file is not taken, or is the newest version once more; its field is `file`.
    """
    checked = _check(name, content)
    entered = enter_bid(actor, partnership_id, bid_id)
    refuse_closed(entered.bid)
    get_paper(partnership_id, bid_id, paper_id)
    # Against one who puts the document away; who brings another version waits at the bid.
    paper = Paper.objects.select_for_update().get(pk=paper_id)
    if paper.dropped_at is not None:
        raise Conflict(_("This document was put away. Bring it back first."))
    newest = newest_of(paper)
    number = newest.number if newest else 0
    if newest and newest.sha256 == checked.sha256:
        raise InvalidInput(
            _("This is version %(number)d once more, byte for byte. Nothing was added.")
            % {"number": number}, field="file",
        )  # fmt: skip
    if number >= MOST_VERSIONS:
        raise Conflict(
            _("This document has %(most)d versions, and more are not kept. Add a new document for "
              "the next.") % {"most": MOST_VERSIONS}
        )  # fmt: skip
    version = _keep(actor, entered, paper, checked, number=number + 1, news=news, now=now)
    return Brought(version, newest if seen is not None and number > seen else None)


def _check(name: str, content: bytes) -> CheckedFile:
    try:
        return check_file(name, content)
    except InvalidInput as error:
        error.field = "file"
        raise


def _keep(
    actor: Reader, entered: Entered, paper: Paper, checked: CheckedFile, *, number: int, news: str,
    now: datetime,
) -> PaperVersion:  # fmt: skip
    version = PaperVersion.objects.create(
        partnership=entered.partnership, paper=paper, number=number, name=checked.name,
        media_type=checked.media_type, size=len(checked.content), sha256=checked.sha256,
        content=checked.content, note=" ".join(news.split())[:300], person_id=actor.person,
        brought_at=now,
    )  # fmt: skip
    note(
        actor, "bring_bid_paper", entered, paper,
        changes={"title": paper.title, "number": number, "name": checked.name,
                 "sha256": checked.sha256},
    )  # fmt: skip
    return version
