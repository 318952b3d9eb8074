"""Recommendations of a study with their evidence, as plain data."""

from collections.abc import Iterable, Mapping
from datetime import date

from proxeny.engine import package as engine
from proxeny.partnerships.models import Action, Evidence, Recommendation
from proxeny.research.models import PackageFile, Study
from proxeny.research.rules import FILE, read_place

State = Recommendation.State
#: What a decision is called; what came after it stands in the state.
_DECIDED = {State.AMENDED: "accepted with changes", State.REFUSED: "refused"}


def gather_advice(
    study: Study, sides: Mapping[int | None, str], files: Mapping[int, str], *, for_world: bool
) -> tuple[engine.Recommendation, ...]:
    """Return a study's recommendations. At most four queries.

    Parameters
    ----------
    sides : mapping
        The ids of the sides by the number of the party; None is all of them.
    files : mapping
        Paths of files that leave the house, by their numbers.
    for_world : bool
        Without drafts.
    """
    rows = Recommendation.objects.filter(
        partnership_id=study.partnership_id,
        source=Recommendation.Source.STUDY,
        source_id=study.pk,
        dropped_at=None,
    )
    if for_world:
        rows = rows.exclude(state=State.DRAFT)
    found = list(rows.order_by("pk"))
    evidence: dict[int, list[Evidence]] = {one.pk: [] for one in found}
    for piece in Evidence.objects.filter(recommendation__in=found).order_by("pk"):
        evidence[piece.recommendation_id].append(piece)
    same = _find_paths(piece for pieces in evidence.values() for piece in pieces) if files else {}
    paths = {number: files[newest] for number, newest in same.items() if newest in files}
    deeds: dict[int, list[str]] = {one.pk: [] for one in found}
    for deed in Action.objects.filter(
        partnership_id=study.partnership_id,
        origin=Action.Origin.RECOMMENDATION,
        origin_id__in=list(deeds),
        dropped_at=None,
    ).order_by("due_on", "pk"):
        deeds[deed.origin_id or 0].append(tell_deed(deed.title, deed.done_on))
    return tuple(_tell(one, sides, evidence[one.pk], paths, tuple(deeds[one.pk])) for one in found)


def _find_paths(pieces: Iterable[Evidence]) -> dict[int, int]:
    """Return the file that holds the same bytes in the newest release, by the file that is cited.

    Evidence in a file that the newest release has changed is exported without rows.
    """
    cited = {one.target_id for one in pieces if one.target == FILE and one.target_id}
    if not cited:
        return {}
    names = ("version__package", "path", "sha256", "pk")
    old = {
        pk: tuple(key) for *key, pk in PackageFile.objects.filter(pk__in=cited).values_list(*names)
    }
    same = PackageFile.objects.filter(
        version__package__in={package for package, _path, _sha256 in old.values()},
        version__released_at__isnull=False,
    )
    ordered = same.order_by("version__number").values_list(*names)
    newest = {tuple(key): pk for *key, pk in ordered}
    return {pk: newest.get(key, pk) for pk, key in old.items()}


def _tell(
    one: Recommendation,
    sides: Mapping[int | None, str],
    pieces: list[Evidence],
    paths: Mapping[int, str],
    deeds: tuple[str, ...],
) -> engine.Recommendation:
    proof: tuple[engine.Evidence, ...] = ()
    if one.adoption:
        proof = (engine.Evidence(id=f"#proof-{one.pk}", kind="proof", note=one.adoption),)
    return engine.Recommendation(
        id=f"#recommendation-{one.pk}",
        title=one.title,
        text=one.details,
        state=tell_state(one.state),
        addressee=_addressee(one, sides),
        source="study",
        decision=_decision(one),
        reason=one.reason,
        evidence=tuple(_piece(piece, paths) for piece in pieces),
        actions=deeds,
        proof=proof,
    )


def _addressee(one: Recommendation, sides: Mapping[int | None, str]) -> str:
    if one.addressee == Recommendation.Addressee.ALL:
        return sides[None]
    return sides.get(one.party_id, "") if one.party_id else ""


def tell_state(state: str) -> str:
    """Return a state in the word that leaves the house."""
    return "in progress" if state == State.DOING else state


def _decision(one: Recommendation) -> str:
    said = []
    if one.decided_on:
        said.append(f"{_DECIDED.get(State(one.state), 'accepted')} on {one.decided_on}")
    if one.adopted_on:
        said.append(f"adopted on {one.adopted_on}")
    return ", ".join(said)


def _piece(one: Evidence, paths: Mapping[int, str]) -> engine.Evidence:
    path = paths.get(one.target_id or 0, "") if one.target == FILE else ""
    place = read_place(one.place) if path else None
    note = f"{one.text} ({one.url})" if one.url else one.text
    return engine.Evidence(
        id=f"#evidence-{one.pk}",
        kind=one.kind,
        note=note,
        file=path,
        rows=(place.first, place.last) if place else None,
        columns=place.columns if place else (),
    )


def tell_deed(title: str, done_on: date | None) -> str:
    """Return an action as one text, with the day it was done."""
    return f"{title} (done on {done_on})" if done_on else title
