"""Partners suggested to the people of a member."""

from proxeny.directory.proposals import make_cards
from proxeny.directory.queries import matching
from proxeny.kernel.tenancy import Reader
from proxeny.web.day.model import Partners

#: So many proposed partners are shown, of the first so many: one that says nothing today is left out.
PARTNERS, PARTNERS_READ = 3, 12


def find_partners(reader: Reader) -> Partners | None:
    """Return the partners suggested to a member; a cluster's team sees all its members' lists."""
    members = sorted(set(reader.organisations) - set(reader.clusters))
    if not members:
        return None
    made = matching.get_match_list(members[0], reader.own_id)
    if made is None or made.computed_at is None:
        return Partners(members[0], is_made=False, cards=())
    cards = make_cards(made, matching.choices_of(members[0]), first=PARTNERS_READ)
    return Partners(members[0], is_made=True, cards=tuple(cards[:PARTNERS]))
