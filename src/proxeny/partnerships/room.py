"""A partnership as its page and the API show it: texts with signatures, and what may be done."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import queries, rules
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.queries import SignedText


@dataclass(frozen=True, slots=True)
class Room:
    """Partnership as one reader sees it.

    `texts` are empty for members: they see that there is a partnership, not its agreements.
    """

    partnership: Partnership
    parties: tuple[Party, ...]
    texts: tuple[SignedText, ...]
    offers: dict[str, bool]

    @property
    def newest(self) -> SignedText | None:
        """The text to be signed, or that was signed last."""
        return self.texts[0] if self.texts else None

    @property
    def in_force(self) -> SignedText | None:
        """The newest text that every party has signed."""
        return next((text for text in self.texts if text.is_complete), None)


def enter_room(reader: Reader, partnership_id: int) -> Room:
    """Return what the reader sees of a partnership; four queries, five with texts.

    Raises
    ------
    NotFound
        The reader does not see it.
    """
    partnership = queries.get_partnership(partnership_id)
    texts = queries.list_texts(partnership)
    return _room(reader, partnership, texts)


def enter_new_room(reader: Reader, partnership: Partnership) -> Room:
    """Return a partnership that the reader has just drafted.

    The reader's permissions were computed before, and would show it without parties.
    """
    with as_service("The reader's rights are older than the partnership just drafted."):
        found = queries.get_partnership(partnership.pk)
        texts = queries.list_texts(found)
    return _room(reader, found, texts)


def _room(reader: Reader, partnership: Partnership, texts: Sequence[SignedText]) -> Room:
    offers = offers_of(reader, partnership, texts)
    return Room(partnership, tuple(queries.parties_of(partnership)), tuple(texts), offers)


def offers_of(
    reader: Reader, partnership: Partnership, texts: Sequence[SignedText]
) -> dict[str, bool]:
    """Return what the reader is offered to do; each operation checks again. No query."""
    parties = queries.parties_of(partnership)
    newest = texts[0] if texts else None
    can_sign = newest is not None and rules.can_sign(reader, partnership, parties)
    may_lead = rules.can_lead(reader, partnership)
    return {
        "sign": newest is not None
        and can_sign
        and not newest.has_signed(rules.party_managed(reader, parties)),
        "amend": can_sign,
        "propose": may_lead and partnership.state == Partnership.State.DRAFT,
        "withdraw": may_lead and partnership.state == Partnership.State.PROPOSED,
        "decline": rules.can_decline(reader, partnership, parties),
        "end": rules.can_end(reader, partnership, parties),
        "share": rules.can_share(reader, partnership, parties),
    }


def table_of(found: Iterable[Partnership]) -> tuple[tuple[str, ...], Iterator[tuple[object, ...]]]:
    """Return partnerships as a table: its head, and its rows."""
    head = (_("Name"), _("State"), _("Clusters"), _("Begins on"), _("Runs until"))
    rows: Iterator[tuple[object, ...]] = (
        (
            one.title,
            one.get_state_display(),
            " – ".join(party.organisation.name for party in queries.parties_of(one)),
            one.starts_on,
            one.ends_on,
        )
        for one in found
    )
    return head, rows
