"""Parts of a study beyond the terms of a crate: its preparation, results and roles.

A publication stores them beside the study's own content; a crate, as additional entities, which
others read by their types (a `CreativeWork` with an audience, a `Role`) and Proxeny reads back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from proxeny.kernel.addresses import web_address

_AUDIENCE = "#audience-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """A result of a study and its beneficiaries; `kind` and `benefits` are codes of `Result`."""

    id: str
    kind: str
    title: str
    details: str = ""
    happened_on: str = ""
    benefits: str = ""
    reached: int | None = None
    proof: str = ""
    proof_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The parts of a study beyond the terms of a crate.

    Attributes
    ----------
    elements : dict
        Its preparation, by the name of a column.
    results : tuple of Yield
    roles : dict
        The roles of organisations, by their ids.
    clusters : tuple of str
        Names of the sides.
    terms : dict
        The terms of use for packages on request, by folder.
    """

    elements: dict[str, str]
    results: tuple[Yield, ...] = ()
    roles: dict[str, str]
    clusters: tuple[str, ...] = ()
    terms: dict[str, str]


NOTHING = Beside(elements={}, roles={}, terms={})
_BESIDE = TypeAdapter(Beside)


def to_json(beside: Beside) -> dict[str, Any]:
    """Return it as JSON holds it."""
    said: dict[str, Any] = _BESIDE.dump_python(beside, mode="json")
    return said


def from_json(said: Any) -> Beside:
    """Return the parts from stored JSON; empty parts for none."""
    return _BESIDE.validate_python(said) if said else NOTHING


def entities_of(beside: Beside) -> list[dict[str, Any]]:
    """Return it as entities of a crate."""
    entities: list[dict[str, Any]] = [
        {
            "@id": f"#element-{name}",
            "@type": "CreativeWork",
            "genre": name,
            "name": name.replace("_", " ").capitalize(),
            "text": text,
        }
        for name, text in beside.elements.items()
        if text
    ]
    for number, (whose, role) in enumerate(beside.roles.items(), 1):
        entities.append(
            {
                "@id": f"#role-{number}",
                "@type": "Role",
                "name": role,
                "roleName": role,
                "author": {"@id": whose},
            }
        )
    entities += [
        {
            "@id": f"{_AUDIENCE}{audience}",
            "@type": "Audience",
            "name": audience,
            "audienceType": audience,
        }
        for audience in dict.fromkeys(one.benefits for one in beside.results if one.benefits)
    ]
    for one in beside.results:
        entities += _entities_of_result(one)
    for number, (folder, terms) in enumerate(beside.terms.items(), 1):
        entities.append(
            {
                "@id": f"#terms-{number}",
                "@type": "CreativeWork",
                "genre": "terms",
                "name": "Terms",
                "text": terms,
                "about": {"@id": folder},
            }
        )
    return entities


def _entities_of_result(one: Yield) -> list[dict[str, Any]]:
    said = {
        "@id": one.id,
        "@type": "CreativeWork",
        "genre": one.kind,
        "name": one.title,
        "description": one.details,
        "dateCreated": one.happened_on,
        "audience": {"@id": f"{_AUDIENCE}{one.benefits}"} if one.benefits else "",
        "interactionStatistic": {"@id": f"{one.id}-reached"} if one.reached is not None else "",
        "subjectOf": {"@id": f"{one.id}-proof"} if one.proof or one.proof_url else "",
    }
    entities: list[dict[str, Any]] = [{name: value for name, value in said.items() if value}]
    if one.reached is not None:
        entities.append(
            {
                "@id": f"{one.id}-reached",
                "@type": "InteractionCounter",
                "name": "Reached",
                "userInteractionCount": one.reached,
            }
        )
    if one.proof or one.proof_url:
        proof = {
            "@id": f"{one.id}-proof",
            "@type": "CreativeWork",
            "name": one.proof or one.proof_url,
            "url": one.proof_url,
        }
        entities.append({name: value for name, value in proof.items() if value})
    return entities


def read_entities(
    extra: Iterable[Mapping[str, Any]],
    *,
    kinds: Sequence[str],
    benefits: Sequence[str],
    elements: Sequence[str],
    roles: Sequence[str],
) -> tuple[Beside, list[dict[str, Any]]]:
    """Return the parts of a study in a crate's entities, and the entities that are others.

    Whatever does not look like ours is left among the others: it is shown, and not taken.
    """
    entities = {str(one.get("@id", "")): dict(one) for one in extra}
    used: set[str] = set()
    found: dict[str, Any] = {"elements": {}, "roles": {}, "results": [], "terms": {}}
    for id_, one in entities.items():
        genre, kind = one.get("genre"), one.get("@type")
        if id_.startswith("#element-") and genre in elements and isinstance(one.get("text"), str):
            found["elements"][genre] = one["text"]
            used.add(id_)
        elif kind == "Role" and one.get("roleName") in roles and _ref(one, "author"):
            found["roles"][_ref(one, "author")] = one["roleName"]
            used.add(id_)
        elif genre == "terms" and isinstance(one.get("text"), str) and _ref(one, "about"):
            found["terms"][_ref(one, "about")] = one["text"]
            used.add(id_)
        elif genre in kinds and (result := _read_result(id_, one, entities, benefits)):
            found["results"].append(result)
            used |= {
                id_,
                _ref(one, "audience"),
                _ref(one, "interactionStatistic"),
                _ref(one, "subjectOf"),
            }
    try:
        beside = _BESIDE.validate_python(found)
    except ValidationError:
        return NOTHING, list(entities.values())
    return beside, [one for id_, one in entities.items() if id_ not in used]


def _read_result(
    id_: str, one: Mapping[str, Any], entities: Mapping[str, Any], benefits: Sequence[str]
) -> dict[str, Any] | None:
    audience = entities.get(_ref(one, "audience"), {}).get("audienceType")
    reached = entities.get(_ref(one, "interactionStatistic"), {}).get("userInteractionCount")
    proof = entities.get(_ref(one, "subjectOf"), {})
    url = _text(proof, "url")
    name = _text(proof, "name")
    if audience not in benefits or not _text(one, "name"):
        return None
    is_count = isinstance(reached, int) and 0 <= reached < 1 << 31
    return {
        "id": id_,
        "kind": one["genre"],
        "title": _text(one, "name"),
        "details": _text(one, "description"),
        "happened_on": _text(one, "dateCreated"),
        "benefits": audience,
        "reached": reached if is_count else None,
        "proof": "" if name == url else name,
        "proof_url": web_address(url),
    }


def _ref(one: Mapping[str, Any], name: str) -> str:
    value = one.get(name)
    id_ = value.get("@id") if isinstance(value, dict) else None
    return id_ if isinstance(id_, str) else ""


def _text(one: Mapping[str, Any], name: str) -> str:
    value = one.get(name)
    return value if isinstance(value, str) else ""
