"""A public page in the terms of schema.org, for search engines and other machines."""

from typing import Any

from proxeny.alliances.content import Content, Member
from proxeny.kernel.linked_data import without_empty


def describe(said: Content, *, url: str, contact: str, base: str) -> dict[str, Any]:
    """Return a page in the terms of schema.org: an organisation with its members and results.

    Parameters
    ----------
    url : str
        The page's own address.
    base : str
        Prefix of the addresses of results on this site.
    """
    return {"@context": "https://schema.org"} | without_empty(
        {
            "@type": "Organization",
            "@id": url,
            "url": url,
            "name": said.headline,
            "description": said.about[:5000],
            "foundingDate": said.since.isoformat() if said.since else "",
            "email": contact,
            "member": [_agent(one) for one in said.members],
            "subjectOf": [
                without_empty(
                    {
                        "@type": "CreativeWork",
                        "name": one.title,
                        "inLanguage": one.language,
                        "datePublished": one.on.isoformat() if one.on else "",
                        "url": f"{base}{one.url}",
                    }
                )
                for one in said.results
                if one.url
            ],
        }
    )


def _agent(one: Member) -> dict[str, Any]:
    place = {"@type": "PostalAddress", "addressCountry": one.country} if one.country else None
    return without_empty(
        {"@type": "Organization", "name": one.name, "url": one.link, "address": place}
    )
