"""An award, as an Open Badges 3.0 credential without proofs yet.

References
----------
1EdTech Open Badges 3.0, appendix B (data models); W3C Verifiable Credentials Data Model v2.0.
"""

from typing import Any

from proxeny.engine.credentials.model import Award, Evidence, Identifier, Label
from proxeny.engine.credentials.moments import write_moment
from proxeny.engine.credentials.status import build_entry

__all__ = ["CONTEXTS", "build_award"]

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)


def build_award(award: Award) -> dict[str, Any]:
    """Return the credential of an award, to be signed by every cluster of the label.

    Raises
    ------
    ValueError
        If a moment has no zone or the index is negative.

    Notes
    -----
    No `credentialSchema`: its type is a word that these contexts do not define, and verifiers that
    read JSON-LD strictly refuse such words.
    """
    document: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "id": award.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": award.achievement.name,
        "issuer": _issuer(award.label),
        "validFrom": write_moment("valid_from", award.valid_from),
        "validUntil": write_moment("valid_until", award.valid_until),
        "credentialSubject": _subject(award),
        "credentialStatus": build_entry(award.status_url, award.status_index),
    }
    if award.evidence:
        document["evidence"] = [_evidence(one) for one in award.evidence]
    return document


def _issuer(label: Label) -> dict[str, Any]:
    return {
        "id": label.did,
        "type": ["Profile"],
        "name": label.name,
        "url": label.url,
        **_image(label.image),
    }


def _subject(award: Award) -> dict[str, Any]:
    holder = award.holder
    identifiers = (Identifier(kind="name", value=holder.name), *holder.identifiers)
    subject: dict[str, Any] = {"type": ["AchievementSubject"]}
    if holder.did or holder.url:
        subject["id"] = holder.did or holder.url
    if holder.did and holder.url:
        identifiers += (Identifier(kind="ext:url", value=holder.url),)
    subject["identifier"] = [
        {
            "type": "IdentityObject",
            "hashed": False,
            "identityHash": one.value,
            "identityType": one.kind,
        }
        for one in identifiers
    ]
    subject["achievement"] = _achievement(award)
    if results := _results(award):
        subject["result"] = results
    return subject


def _achievement(award: Award) -> dict[str, Any]:
    achievement = award.achievement
    built: dict[str, Any] = {
        "id": achievement.id,
        "type": ["Achievement"],
        "achievementType": achievement.kind,
        "name": achievement.name,
        "description": achievement.description,
        "inLanguage": achievement.language,
        "criteria": {"id": achievement.criteria_url, "narrative": achievement.criteria},
        **_image(achievement.image),
    }
    if achievement.version is not None:
        built["version"] = achievement.version
    described = _descriptions(award)
    if described:
        built["resultDescription"] = described
    return built


def _descriptions(award: Award) -> list[dict[str, Any]]:
    achievement, described = award.achievement, []
    if award.level is not None:
        described.append(
            {
                "id": f"{achievement.id}#level",
                "type": ["ResultDescription"],
                "name": achievement.level_name,
                "resultType": "RubricCriterionLevel",
                "rubricCriterionLevel": [
                    {
                        "id": f"{achievement.id}#level-{level.key}",
                        "type": ["RubricCriterionLevel"],
                        "name": level.name,
                        "level": str(number),
                    }
                    for number, level in enumerate(achievement.levels, start=1)
                ],
            }
        )
    if award.percent is not None:
        described.append(
            {
                "id": f"{achievement.id}#total",
                "type": ["ResultDescription"],
                "name": achievement.total_name,
                "resultType": "Percent",
                "valueMin": "0",
                "valueMax": "100",
            }
        )
    return described


def _results(award: Award) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    about = award.achievement.id
    if award.level is not None:
        names = {level.key: level.name for level in award.achievement.levels}
        results.append(
            {
                "type": ["Result"],
                "resultDescription": f"{about}#level",
                "achievedLevel": f"{about}#level-{award.level}",
                "value": names[award.level],
            }
        )
    if award.percent is not None:
        results.append(
            {
                "type": ["Result"],
                "resultDescription": f"{about}#total",
                # As a text: a number could be written in several ways.
                "value": f"{award.percent:f}",
            }
        )
    return results


def _evidence(one: Evidence) -> dict[str, Any]:
    built: dict[str, Any] = {"type": ["Evidence"], "name": one.name}
    if one.url is not None:
        built["id"] = one.url
    if one.narrative:
        built["narrative"] = one.narrative
    return built


def _image(url: str | None) -> dict[str, Any]:
    return {} if url is None else {"image": {"id": url, "type": "Image"}}
