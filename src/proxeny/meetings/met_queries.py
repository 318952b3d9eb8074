"""Pairs of organisations that have met, and how they rated each other."""

from collections.abc import Collection

from proxeny.meetings.models import Meeting, Rating

#: A meeting that is agreed needs no introduction, nor one that was held.
_MET = (Meeting.State.CONFIRMED, Meeting.State.HELD)
#: Value of a rating, from 0 to 1; none for a meeting that did not take place.
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
    """Return the pairs of some organisations that have met or agreed on a time to meet.

    As far as the reader sees the meetings; a pair of two of them is given in both orders. The
    partners' own catch-ups do not count. One query.
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
    """Return how some organisations rated those they met, from 0 to 1, by their latest rating.

    As far as the reader sees their ratings; ratings by the others do not count. One query.

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
