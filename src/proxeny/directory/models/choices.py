"""Choices for the facts of the directory."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The type of an organisation."""

    CLUSTER = "cluster", _("Cluster")
    COMPANY = "company", _("Company")
    STARTUP = "startup", _("Start-up")
    UNIVERSITY = "university", _("University")
    LAB = "lab", _("Research lab")
    PUBLIC = "public", _("Public body")
    INVESTOR = "investor", _("Investor")
    ASSOCIATION = "association", _("Association")
    OTHER = "other", _("Other")


class Visibility(models.TextChoices):
    """The visibility of a directory entry."""

    PRIVATE = "private", _("Only us")
    CLUSTER = "cluster", _("Our cluster")
    PARTNERSHIP = "partnership", _("Our cluster and its partners")
    PUBLIC = "public", _("Everyone")


class Size(models.TextChoices):
    """The size of an organisation, by its staff (Commission Recommendation 2003/361/EC)."""

    MICRO = "micro", _("Up to 9 people")
    SMALL = "small", _("10 to 49 people")
    MEDIUM = "medium", _("50 to 249 people")
    LARGE = "large", _("250 people or more")

    @classmethod
    def of(cls, employees: int | None) -> str:
        """Return the size for a number of people; empty if unknown.

        Examples
        --------
        >>> str(Size.of(12)), Size.of(None)
        ('small', '')
        """
        if employees is None:
            return ""
        bounds = ((9, cls.MICRO), (49, cls.SMALL), (249, cls.MEDIUM))
        return next((size for most, size in bounds if employees <= most), cls.LARGE)


class QualityLabel(models.TextChoices):
    """The label of the European Cluster Excellence Initiative that a cluster holds."""

    BRONZE = "bronze", _("Bronze")
    SILVER = "silver", _("Silver")
    GOLD = "gold", _("Gold")


class IdentifierScheme(models.TextChoices):
    """Registers that give organisations numbers."""

    VAT = "vat", _("VAT number")
    PIC = "pic", _("PIC (European Commission)")
    NATIONAL = "national", _("National register")
    ROR = "ror", _("ROR (research organisations)")
    LEI = "lei", _("LEI (legal entities)")


class Stage(models.TextChoices):
    """The maturity of an offer."""

    IDEA = "idea", _("Idea")
    RESEARCH = "research", _("Research")
    PROTOTYPE = "prototype", _("Prototype in testing")
    DEMONSTRATED = "demonstrated", _("Proven to work")
    MARKET = "market", _("On the market")


class IPR(models.TextChoices):
    """The protection of the underlying knowledge."""

    NONE = "none", _("Nothing to protect")
    SECRET = "secret", _("Confidential know-how")
    COPYRIGHT = "copyright", _("Copyright")
    DESIGN = "design", _("Registered design or trade mark")
    APPLIED = "applied", _("Patent pending")
    GRANTED = "granted", _("Patent granted")
    LICENSED = "licensed", _("Licence held")
