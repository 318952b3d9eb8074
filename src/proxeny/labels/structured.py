"""Labels as schema.org data, for machines that search for certifications and their issuers."""

from typing import Any

from proxeny.kernel.linked_data import without_empty
from proxeny.labels.scheme_presenters import ShownScheme


def describe(shown: ShownScheme, *, url: str, contact: str) -> dict[str, Any]:
    """Return a label as schema.org data: a certification with its issuers."""
    said = shown.text
    return {"@context": "https://schema.org"} | without_empty(
        {
            "@type": "Certification",
            "@id": url,
            "url": url,
            "name": str(shown.title),
            "about": str(shown.about)[:5000],
            "inLanguage": list(said.languages),
            "certificationIdentification": said.slug,
            "contactPoint": {"@type": "ContactPoint", "email": contact} if contact else None,
            "validIn": [{"@type": "Country", "name": code} for code in said.countries],
            "issuedBy": [
                without_empty(
                    {
                        "@type": "Organization",
                        "name": one.name,
                        "address": {"@type": "PostalAddress", "addressCountry": one.country}
                        if one.country
                        else None,
                    }
                )
                for one in said.issuers
            ],
        }
    )
