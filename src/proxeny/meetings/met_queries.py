"""Who has met whom, and how they liked it."""

from collections.abc import Collection

from proxeny.meetings.models import Meeting, Rating

#: A meeting that is agreed needs no introduction, nor one that was held.
_MET = (Meeting.State.CONFIRMED, Meeting.State.HELD)
#: How much one liked the other, by what one said of the meeting; of one that did not take place,
#: nothing.
_LIKED = {
    Rating.Value.NO_INTEREST: 0.0,
    Rating.Value.INFORMATIVE: 0.25,
    Rating.Value.POSSIBLE: 0.75,
    Rating.Value.NO_CONTACT: 0.25,
    Rating.Value.KNOWLEDGE: 0.5,
    Rating.Value.CONTACT: 0.75,
    Rating.Value.NEGOTIATING: 1.0,
    Rating.Value.AGREEMENT: 1.0,
}


def pairs_met(organisation_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return who of some organisations has met whom, or has an agreed time to.

    As far as the reader sees the meetings; a pair of two of them in both orders. The partners'
    own catch-ups introduce nobody. One query.
    """
    own = set(organisation_ids)
    agreed = Meeting.objects.filter(
        organisations__overlap=list(own), state__in=_MET, kind=Meeting.Kind.BUSINESS
    )
    return {
        (one, other)
        for present in agreed.order_by().values_list("organisations", flat=True)
        for one in present
        if one in own
        for other in present
        if other != one
    }


def pairs_rated(
    organisation_ids: Collection[int], partnership_id: int | None
) -> dict[tuple[int, int], float]:
    """Return how much some organisations liked whom they met, from 0 to 1, by their last word.

    As far as the reader sees what they said; what others said of them does not count. One query.

    Parameters
    ----------
    partnership_id : int, optional
        Only meetings of this partnership.
    """
    said = Rating.objects.filter(
        party__organisation_id__in=list(organisation_ids), value__in=list(_LIKED)
    )
    if partnership_id is not None:
        said = said.filter(party__meeting__partnership_id=partnership_id)
    rows = said.order_by("rated_at", "pk").values_list(
        "party__organisation_id", "party__meeting__organisations", "value"
    )
    return {
        (one, other): _LIKED[Rating.Value(value)]
        for one, present, value in rows
        for other in present
        if other != one
    }
