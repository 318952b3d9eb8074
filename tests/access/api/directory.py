"""Who may use which route under /api/v1/directory."""

from django.core.files.uploadedfile import SimpleUploadedFile

from proxeny.directory.models import (
    DuplicatePair,
    Interest,
    Listing,
    MemberImport,
    Membership,
    Merge,
    SavedSearch,
)
from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd

D = "/api/v1/directory"
ORGANISATION = f"{D}/organisations/{{organisation_id}}"
MATCHES = f"{ORGANISATION}/matches"
INTEREST = f"{D}/interests/{{interest_id}}"
LISTING = f"{D}/listings/{{listing_id}}"
SEARCH = f"{D}/searches/{{search_id}}"
MEMBERSHIP = f"{D}/memberships/{{membership_id}}"
IMPORT = f"{D}/imports/{{import_id}}"
PAIR = f"{D}/duplicates/{{pair_id}}"
MERGE = f"{D}/merges/{{merge_id}}"


def _member(crowd: Crowd) -> dict:
    return {"organisation_id": crowd.world.a.members[0].pk}


def _partner(crowd: Crowd) -> dict:
    return {**_member(crowd), "target_id": crowd.world.b.members[0].pk}


def _cluster(crowd: Crowd) -> dict:
    return {"organisation_id": crowd.world.a.cluster.pk}


def _hidden(crowd: Crowd) -> dict:
    return {"organisation_id": crowd.hidden.pk}


def _invited(crowd: Crowd) -> dict:
    return {"organisation_id": crowd.invited.pk}


def _public(crowd: Crowd) -> dict:
    return {"organisation_id": crowd.public.pk}


def _new(crowd: Crowd) -> dict:
    return {"cluster_id": crowd.world.a.cluster.pk, "name": "New member", "country": "GR"}


def _a(crowd: Crowd) -> dict:
    return {"cluster_id": crowd.world.a.cluster.pk}


def _pair(crowd: Crowd) -> dict:
    return {"pair_id": DuplicatePair.objects.get().pk}


def _merge(crowd: Crowd) -> dict:
    return {"merge_id": Merge.objects.get().pk}


def _doubled(crowd: Crowd) -> dict:
    merge = Merge.objects.get()
    return {"kept_id": merge.kept_id, "gone_id": merge.gone_id, "chosen": []}


def _membership(crowd: Crowd) -> dict:
    return {"membership_id": crowd.world.a.members[0].memberships.get().pk}


def _ended(crowd: Crowd) -> dict:
    membership = Membership.objects.get(organisation=crowd.world.a.members[1])
    Membership.objects.filter(pk=membership.pk).update(ends_on="2083-01-01")
    return {"membership_id": membership.pk}


def _listing(crowd: Crowd) -> dict:
    return {"listing_id": crowd.listing.pk}


def _archived(crowd: Crowd) -> dict:
    return {"listing_id": crowd.archived.pk}


def _offer(crowd: Crowd) -> dict:
    return {"direction": "offer", "title": "A title"}


def _in_review(crowd: Crowd) -> dict:
    return {"listing_id": crowd.in_review.pk}


def _draft_offer(crowd: Crowd) -> dict:
    found = Listing.objects.get(status="draft", organisation=crowd.world.a.members[0])
    return {"listing_id": found.pk}


def _resting(crowd: Crowd) -> dict:
    Listing.objects.filter(pk=crowd.archived.pk).update(status="on_hold")
    return _archived(crowd)


def _open_offer(crowd: Crowd) -> dict:
    # Nobody has been interested in it yet.
    Listing.objects.filter(pk=crowd.archived.pk).update(status="published")
    return _archived(crowd)


def _kept(crowd: Crowd) -> dict:
    return {"search_id": SavedSearch.objects.get(person=crowd.world.a.representatives[0]).pk}


def _answers(crowd: Crowd) -> dict:
    return {
        "organisation_id": crowd.world.b.members[0].pk,
        "who": "A maker",
        "why": "It fits",
        "brings": "Halls",
        "next_step": "A call",
    }


def _interest(crowd: Crowd) -> dict:
    return {"interest_id": crowd.listing.interests.get().pk}


def _early(crowd: Crowd) -> dict:
    return {"interest_id": Interest.objects.get(passed_at=None).pk}


def _note(crowd: Crowd) -> dict:
    return {"note": "Say more."}


def _import(crowd: Crowd) -> dict:
    return {"import_id": crowd.member_import.pk}


def _checked(crowd: Crowd) -> dict:
    MemberImport.objects.filter(pk=crowd.member_import.pk).update(state="checked")
    return _import(crowd)


def _upload(crowd: Crowd) -> dict:
    file = SimpleUploadedFile("members.csv", b"Name,Country\nA member,GR\n")
    return {"cluster_id": crowd.world.a.cluster.pk, "file": file}


def _columns(crowd: Crowd) -> dict:
    return {"mapping": {"name": "Name"}, "options": {"country": "GR"}}


ROUTES: dict[str, ApiRoute] = {
    "list_organisations": ApiRoute("GET", f"{D}/organisations"),
    "search_organisations": ApiRoute("GET", f"{D}/search"),
    "list_facets": ApiRoute("GET", f"{D}/facets"),
    "list_places": ApiRoute("GET", f"{D}/places"),
    "export_organisations": ApiRoute("GET", f"{D}/export"),
    "create_member": ApiRoute("POST", f"{D}/organisations", data=_new),
    "show_organisation": ApiRoute("GET", ORGANISATION, _member),
    "show_organisation hidden": ApiRoute("GET", ORGANISATION, _hidden),
    # A asked it to the event that both run: B's staff may know whom they expect.
    "show_organisation invited": ApiRoute("GET", ORGANISATION, _invited),
    "show_organisation public": ApiRoute("GET", ORGANISATION, _public),
    "update_organisation": ApiRoute("PATCH", ORGANISATION, _member, lambda _: {"city": "Patras"}),
    # The reference is the steward's alone.
    "update_organisation key": ApiRoute("PATCH", ORGANISATION, _member, lambda _: {"key": "K-1"}),
    "list_organisation_history": ApiRoute("GET", f"{ORGANISATION}/history", _member),
    "list_organisation_history hidden": ApiRoute("GET", f"{ORGANISATION}/history", _hidden),
    "show_matches": ApiRoute("GET", MATCHES, _member),
    "find_matches": ApiRoute("POST", MATCHES, _member),
    "export_matches": ApiRoute("GET", f"{MATCHES}/export", _member),
    "choose_match": ApiRoute(
        "PUT",
        f"{MATCHES}/{{target_id}}",
        _partner,
        lambda _: {"verdict": "refused", "why": "rival"},
    ),
    "clear_match": ApiRoute("DELETE", f"{MATCHES}/{{target_id}}", _partner),
    "list_wanted": ApiRoute("GET", f"{ORGANISATION}/wanted", _cluster),
    "show_cluster_profile": ApiRoute("GET", f"{ORGANISATION}/profile", _cluster),
    "update_cluster_profile": ApiRoute(
        "PATCH", f"{ORGANISATION}/profile", _cluster, lambda _: {"services": "Fairs"}
    ),
    "list_duplicates": ApiRoute("GET", f"{D}/duplicates"),
    "find_duplicates": ApiRoute("POST", f"{D}/duplicates/search", data=_a),
    "show_duplicate": ApiRoute("GET", PAIR, _pair),
    "decide_duplicate": ApiRoute(
        "POST", f"{PAIR}/decision", _pair, lambda _: {"are_different": True}
    ),
    "list_merges": ApiRoute("GET", f"{D}/merges"),
    "show_merge": ApiRoute("GET", MERGE, _merge),
    "merge_organisations": ApiRoute("POST", f"{D}/merges", data=_doubled),
    # The crowd's merge is a row alone: nothing was moved, so nothing can be taken back.
    "unmerge_organisations": ApiRoute("POST", f"{MERGE}/undo", _merge, statuses=(409,)),
    "list_memberships": ApiRoute("GET", f"{D}/memberships"),
    "show_membership": ApiRoute("GET", MEMBERSHIP, _membership),
    "end_membership": ApiRoute(
        "POST", f"{MEMBERSHIP}/end", _membership, lambda _: {"on": "2083-01-01"}
    ),
    "restore_membership": ApiRoute("POST", f"{MEMBERSHIP}/restore", _ended),
    "list_listings": ApiRoute("GET", f"{D}/listings"),
    "search_listings": ApiRoute("GET", f"{D}/listings/search"),
    "show_listing": ApiRoute("GET", LISTING, _listing),
    "show_listing archived": ApiRoute("GET", LISTING, _archived),
    "add_listing": ApiRoute("POST", f"{ORGANISATION}/listings", _member, _offer),
    "update_listing": ApiRoute("PATCH", LISTING, _listing, lambda _: {"title": "Else"}),
    "archive_listing": ApiRoute("POST", f"{LISTING}/archive", _listing),
    "restore_listing": ApiRoute("POST", f"{LISTING}/restore", _archived),
    "show_listing review": ApiRoute("GET", LISTING, _in_review),
    "update_listing review": ApiRoute("PATCH", LISTING, _in_review, lambda _: {"title": "Else"}),
    "show_hints": ApiRoute("GET", f"{LISTING}/hints", _listing),
    "list_listing_history": ApiRoute("GET", f"{LISTING}/history", _listing),
    "submit_listing": ApiRoute("POST", f"{LISTING}/submit", _draft_offer),
    "withdraw_listing": ApiRoute("POST", f"{LISTING}/withdraw", _listing),
    "hold_listing": ApiRoute("POST", f"{LISTING}/hold", _listing),
    "resume_listing": ApiRoute("POST", f"{LISTING}/resume", _resting),
    "renew_listing": ApiRoute("POST", f"{LISTING}/renew", _listing),
    "list_review": ApiRoute("GET", f"{D}/review"),
    "pass_listing": ApiRoute("POST", f"{LISTING}/pass", _in_review),
    "return_listing": ApiRoute("POST", f"{LISTING}/return", _in_review, _note),
    "reopen_review": ApiRoute("POST", f"{LISTING}/reopen", _in_review, lambda _: {"version": 1}),
    "follow_listing": ApiRoute("PUT", f"{LISTING}/follow", _listing),
    "unfollow_listing": ApiRoute("DELETE", f"{LISTING}/follow", _listing),
    "follow_organisation": ApiRoute("PUT", f"{ORGANISATION}/follow", _member),
    "unfollow_organisation": ApiRoute("DELETE", f"{ORGANISATION}/follow", _member),
    "show_following": ApiRoute("GET", f"{D}/following"),
    "list_kept_searches": ApiRoute("GET", f"{D}/searches"),
    "save_search": ApiRoute(
        "POST", f"{D}/searches", data=lambda _: {"name": "Another", "query": "q=halls"}
    ),
    "show_search": ApiRoute("GET", SEARCH, _kept),
    "change_search": ApiRoute("PATCH", SEARCH, _kept, lambda _: {"notify": False}),
    "look_at_search": ApiRoute("POST", f"{SEARCH}/look", _kept),
    "remove_search": ApiRoute("DELETE", SEARCH, _kept),
    "express_interest": ApiRoute("POST", f"{LISTING}/interests", _open_offer, _answers),
    "list_interest": ApiRoute("GET", f"{D}/interests"),
    "show_interest": ApiRoute("GET", INTEREST, _interest),
    "show_interest early": ApiRoute("GET", INTEREST, _early),
    "list_interest_history": ApiRoute("GET", f"{INTEREST}/history", _interest),
    "change_interest": ApiRoute(
        "PATCH",
        INTEREST,
        _early,
        lambda _: {"who": "A maker", "why": "It fits", "brings": "Halls", "next_step": "A call"},
    ),
    "pass_interest": ApiRoute("POST", f"{INTEREST}/pass", _early, lambda _: {}),
    "return_interest": ApiRoute("POST", f"{INTEREST}/ask", _early, _note),
    "accept_interest": ApiRoute(
        "POST", f"{INTEREST}/accept", _interest, lambda _: {"contact": "Us"}
    ),
    "decline_interest": ApiRoute(
        "POST", f"{INTEREST}/decline", _interest, lambda _: {"reply": "No"}
    ),
    "withdraw_interest": ApiRoute("POST", f"{INTEREST}/withdraw", _interest),
    "list_imports": ApiRoute("GET", f"{D}/imports"),
    "download_template": ApiRoute("GET", f"{D}/imports/template"),
    "start_import": ApiRoute("POST", f"{D}/imports", data=_upload, form=True),
    "show_import": ApiRoute("GET", IMPORT, _import),
    # The crowd's file is a single letter, which is no list any more.
    "reread_import": ApiRoute(
        "POST", f"{IMPORT}/read-again", _import, lambda _: {}, statuses=(200, 422)
    ),
    "set_mapping": ApiRoute("POST", f"{IMPORT}/columns", _import, _columns),
    "decide_pairs": ApiRoute("POST", f"{IMPORT}/pairs", _import, lambda _: {}),
    "apply_import": ApiRoute("POST", f"{IMPORT}/apply", _checked),
    "discard_import": ApiRoute("DELETE", IMPORT, _import),
    "list_import_history": ApiRoute("GET", f"{IMPORT}/history", _import),
    "download_problems": ApiRoute("GET", f"{IMPORT}/problems", _import),
}
