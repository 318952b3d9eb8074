"""Texts of the eligibility conditions in `engine/consortium/rules.toml`, for translation.

A space that does not break follows a percent sign: with another one, extractors take it for a
placeholder.
"""

from django.utils.translation import gettext, gettext_noop

_TEXTS = frozenset(
    {
        gettext_noop(
            "At least one independent legal entity in a Member State, and at least two others, "
            "independent, each in a different Member State or associated country; beneficiaries only"
        ),
        gettext_noop(
            "A coordination and support action may have one or more legal entities, in a Member "
            "State or associated country"
        ),
        gettext_noop(
            "Participants in third countries are paid only if their country is listed, or the "
            "call says so"
        ),
        gettext_noop("Associated partners carry tasks without charging costs"),
        gettext_noop("Up to 100%\u00a0of eligible costs"),
        gettext_noop(
            "Innovation actions: up to 70%\u00a0of eligible costs; non-profit legal entities up to 100%"
        ),
        gettext_noop(
            "At least three legal entities, each in a different Member State or associated "
            "country, independent of each other"
        ),
        gettext_noop("Coordination and support actions: at least one legal entity"),
        gettext_noop(
            "Participants in countries that are not listed are paid only if the call says so"
        ),
        gettext_noop(
            "At least 3 applicants (beneficiaries; not affiliated entities) from 3 different "
            "eligible countries"
        ),
        gettext_noop("Up to 95%\u00a0of eligible costs"),
        gettext_noop(
            "At least three different legal entities, in at least three different Member States "
            "or countries of COSME"
        ),
        gettext_noop("Each applicant is a cluster organisation or business network"),
        gettext_noop(
            "At least one is established in a region that is less developed or in transition"
        ),
        gettext_noop("At most EUR 360,000 of grant a project"),
        gettext_noop("At least two independent legal entities from at least two Eureka countries"),
        gettext_noop("No country is responsible for more than 70%\u00a0of the budget"),
        gettext_noop("No organisation is responsible for more than 70%\u00a0of the budget"),
        gettext_noop("An innovative SME from a Eurostars country leads"),
        gettext_noop("At least one is from the Union or a country associated to Horizon Europe"),
        gettext_noop("SMEs have at least half of the budget, subcontracting apart"),
        gettext_noop("At least one enterprise or research organisation in Greece"),
        gettext_noop("At least one partner in Türkiye"),
        gettext_noop("At most EUR 200,000 a project and country"),
        gettext_noop("At least one partner in France, whom the ANR pays"),
        gettext_noop("At least one partner in a country whose agency has agreed"),
        gettext_noop("Only two countries"),
    }
)


def translate_rule(text: str) -> str:
    """Return the text of a condition in the active language; as it was typed if it is a call's own."""
    return gettext(text) if text in _TEXTS else text
