"""How each page is tried: the directory: entries, offers and needs, interest, matches, imports."""

from proxeny.directory.models import DuplicatePair, Interest, Listing, Merge, SavedSearch
from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix, hidden, member
from tests.factories.directory import ListingFactory


def _partner(crowd: Crowd) -> dict:
    return {"pk": crowd.world.a.members[0].pk, "target_id": crowd.world.b.members[0].pk}


def _invited(crowd: Crowd) -> dict:
    return {"pk": crowd.invited.pk}


def _archived(crowd: Crowd) -> dict:
    return {"pk": crowd.archived.pk}


def _search(crowd: Crowd) -> dict:
    return {"pk": SavedSearch.objects.get(person=crowd.world.a.representatives[0]).pk}


def _listing(crowd: Crowd) -> dict:
    return {"pk": crowd.listing.pk}


def _in_review(crowd: Crowd) -> dict:
    return {"pk": crowd.in_review.pk}


def _draft_offer(crowd: Crowd) -> dict:
    return {"pk": Listing.objects.get(status="draft", organisation=crowd.world.a.members[0]).pk}


def _resting(crowd: Crowd) -> dict:
    made = ListingFactory(organisation=crowd.world.a.members[0], status="on_hold")
    return {"pk": made.pk}


def _open_offer(crowd: Crowd) -> dict:
    # Nobody has been interested in it yet.
    return {"pk": ListingFactory(organisation=crowd.world.a.members[0]).pk}


def _interest(crowd: Crowd) -> dict:
    return {"pk": crowd.listing.interests.get().pk}


def _early(crowd: Crowd) -> dict:
    return {"pk": Interest.objects.get(passed_at=None).pk}


def _note(crowd: Crowd) -> dict:
    return {"note": "Say more.", **_version(crowd)}


def _version(crowd: Crowd) -> dict:
    return {"seen": 1}


def _cluster(crowd: Crowd) -> dict:
    return {"pk": crowd.world.a.cluster.pk}


def _alike(crowd: Crowd) -> dict:
    return {"pk": DuplicatePair.objects.get().pk}


def _merge(crowd: Crowd) -> dict:
    return {"pk": Merge.objects.get().pk}


def _membership(crowd: Crowd) -> dict:
    return {"pk": crowd.world.a.members[0].memberships.get().pk}


def _import(crowd: Crowd) -> dict:
    return {"pk": crowd.member_import.pk}


def _offer(crowd: Crowd) -> dict:
    return {
        "direction": "offer",
        "kind": "business",
        "title": "A title",
        "version": 1,
        "language": "en",
        "status": "published",
    }


DIRECTORY = by_matrix(
    {
        "directory:export": Route(),
        "directory:create": Route(),
        "directory:detail": Route(member),
        "directory:detail hidden": Route(hidden),
        # A asked it to the event that both run: B's staff may know whom they expect.
        "directory:detail invited": Route(_invited),
        "directory:edit": Route(member),
        "directory:matches": Route(member),
        "directory:matches-find": Route(member, posts_only=True),
        "directory:matches-progress": Route(member),
        "directory:matches-export": Route(member),
        "directory:match-choose": Route(
            _partner, data=lambda _: {"verdict": "refused"}, posts_only=True
        ),
        "directory:wanted": Route(lambda crowd: {"pk": crowd.world.a.cluster.pk}),
        "directory:listing-add": Route(member, data=_offer),
        "directory:listing-edit": Route(_listing, data=_offer),
        "directory:listing-archive": Route(_listing, posts_only=True),
        "directory:listing-restore": Route(_archived, posts_only=True),
        "directory:listing": Route(_listing),
        "directory:listing review": Route(_in_review),
        "directory:listing-edit review": Route(_in_review, data=_offer),
        "directory:listing-submit": Route(_draft_offer, posts_only=True),
        "directory:listing-withdraw": Route(_listing, posts_only=True),
        "directory:listing-hold": Route(_listing, posts_only=True),
        "directory:listing-resume": Route(_resting, posts_only=True),
        "directory:listing-renew": Route(_listing, posts_only=True),
        "directory:listing-follow": Route(_listing, posts_only=True),
        "directory:listing-unfollow": Route(_listing, posts_only=True),
        "directory:review": Route(),
        "directory:review-pass": Route(_in_review, data=_version, posts_only=True),
        "directory:review-return": Route(_in_review, data=_note),
        # Only who decided can take it back, and here nobody has.
        "directory:review-reopen": Route(_in_review, data=_version, posts_only=True),
        "directory:interest-express": Route(_open_offer),
        "directory:interests": Route(),
        "directory:interest": Route(_interest),
        "directory:interest early": Route(_early),
        "directory:interest-edit": Route(_early),
        "directory:interest-pass": Route(_early, data=_note, posts_only=True),
        "directory:interest-ask": Route(_early, data=_note, posts_only=True),
        "directory:interest-accept": Route(
            _interest, data=lambda _: {"contact": "Ask for us"}, posts_only=True
        ),
        "directory:interest-decline": Route(
            _interest, data=lambda _: {"reply": "Not now"}, posts_only=True
        ),
        "directory:interest-withdraw": Route(_interest, posts_only=True),
        "directory:following": Route(),
        "directory:searches": Route(),
        "directory:search-open": Route(_search),
        "directory:search-change": Route(_search, data=lambda _: {"name": "Kept"}, posts_only=True),
        "directory:search-remove": Route(_search, posts_only=True),
        "directory:follow": Route(member, posts_only=True),
        "directory:unfollow": Route(member, posts_only=True),
        "directory:cluster-profile": Route(_cluster, data=lambda _: {"listing_days": "90"}),
        "directory:duplicates": Route(),
        "directory:duplicates-find": Route(posts_only=True),
        "directory:duplicates-merge": Route(posts_only=True),
        "directory:duplicate": Route(_alike, data=lambda _: {"decision": "same"}),
        "directory:merge-undo": Route(_merge, posts_only=True),
        "directory:membership-end": Route(_membership, data=lambda _: {"ends_on": "2083-01-01"}),
        "directory:membership-restore": Route(_membership, posts_only=True),
        "directory:import-start": Route(),
        "directory:import-template": Route(),
        "directory:import-detail": Route(_import),
        "directory:import-columns": Route(_import, posts_only=True),
        "directory:import-read-again": Route(_import, posts_only=True),
        "directory:import-progress": Route(_import),
        "directory:import-apply": Route(_import, posts_only=True),
        "directory:import-decide": Route(_import, posts_only=True),
        "directory:import-discard": Route(_import, posts_only=True),
        "directory:import-problems": Route(_import),
    }
)
