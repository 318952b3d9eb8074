"""A published study in the terms of schema.org, for machines that look for studies and data."""

from typing import Any

from proxeny.engine import package as engine
from proxeny.kernel.addresses import web_address
from proxeny.kernel.linked_data import without_empty
from proxeny.research.presenter_parts import Data, Shown


def describe(shown: Shown, *, url: str, base: str) -> dict[str, Any]:
    """Return a study as schema.org data: an article, and a dataset for each data package.

    Parameters
    ----------
    url : str
        Its own address.
    base : str
        The prefix of its files' addresses.
    """
    study, parties = shown.study, shown.study.parties
    graph = [
        without_empty(
            {
                "@type": "ScholarlyArticle",
                "@id": url,
                "url": url,
                "name": study.title,
                "headline": study.title[:110],
                "abstract": study.description[:5000],
                "about": {"@type": "Question", "name": study.question} if study.question else None,
                "inLanguage": study.language,
                "datePublished": study.published.isoformat() if study.published else "",
                "version": study.version,
                "keywords": ", ".join(study.keywords),
                "license": shown.licence.url if shown.licence else "",
                "author": [_agent(parties[one]) for one in study.authors if one in parties],
                "publisher": _agent(parties[study.publisher])
                if study.publisher in parties
                else None,
                "identifier": f"https://doi.org/{study.doi}" if study.doi else "",
                "isAccessibleForFree": True,
                "mentions": [
                    {"@type": "Recommendation", "name": one.title, "url": f"{url}#{one.anchor}"}
                    for one in shown.advice
                ],
                "isBasedOn": [{"@id": f"{url}#{one.anchor}"} for one in shown.packages],
            }
        ),
        *(_dataset(one, shown, url, base) for one in shown.packages),
    ]
    return {"@context": "https://schema.org", "@graph": graph}


def _dataset(one: Data, shown: Shown, url: str, base: str) -> dict[str, Any]:
    study, parties = shown.study, shown.study.parties
    return without_empty(
        {
            "@type": "Dataset",
            "@id": f"{url}#{one.anchor}",
            "url": f"{url}#{one.anchor}",
            "name": one.title,
            # A search for data needs at least fifty characters.
            "description": f"{one.details} {study.title}: {study.question}".strip()[:5000],
            "inLanguage": study.language,
            "datePublished": study.published.isoformat() if study.published else "",
            "dateCreated": one.created.isoformat() if one.created else "",
            "keywords": ", ".join(one.keywords or study.keywords),
            "license": one.licence.url if one.licence else "",
            "conditionsOfAccess": one.access,
            "isAccessibleForFree": one.is_open,
            "creator": [_agent(parties[id_]) for id_ in study.authors if id_ in parties],
            "variableMeasured": list(
                dict.fromkeys(column.name for file in one.files for column in file.columns)
            )[:200],
            "distribution": [
                without_empty(
                    {
                        "@type": "DataDownload",
                        "name": file.title or file.name,
                        "encodingFormat": file.media_type,
                        "contentSize": str(file.size),
                        "sha256": file.sha256,
                        "contentUrl": f"{base}{file.url}",
                    }
                )
                for file in one.files
                if file.url
            ],
        }
    )


def _agent(one: engine.Person | engine.Organisation) -> dict[str, Any]:
    kind = "Person" if isinstance(one, engine.Person) else "Organization"
    return without_empty(
        {
            "@type": kind,
            "name": one.name,
            "@id": web_address(one.id),
            "url": web_address(getattr(one, "url", "")),
        }
    )
