"""Who has met whom."""

from collections.abc import Collection

from proxeny.meetings.models import Meeting

#: A meeting that is agreed needs no introduction, nor one that was held.
_MET = (Meeting.State.CONFIRMED, Meeting.State.HELD)


def pairs_met(organisation_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return who of some organisations has met whom, or has an agreed time to.

    As far as the reader sees the meetings; a pair of two of them in both orders. One query.
    """
    own = set(organisation_ids)
    agreed = Meeting.objects.filter(organisations__overlap=list(own), state__in=_MET)
    return {
        (one, other)
        for present in agreed.order_by().values_list("organisations", flat=True)
        for one in present
        if one in own
        for other in present
        if other != one
    }
