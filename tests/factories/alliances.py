"""Factories of public pages."""

from typing import Any

import factory

from proxeny.alliances import models


class PageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Page

    headline = "Small ports, clean water"
    about = "Clusters of three coasts keep harbours clean with small sensors."
    audience = "Ports, their towns, and companies that measure."
    joining = "Write to us, and come to a meeting."
    contact = "office@ports.example"
    slug = factory.LazyAttribute(lambda row: f"ports-{row.partnership.pk}")


class PageVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.PageVersion

    number = 1
    slug = factory.LazyAttribute(lambda row: f"ports-{row.partnership.pk}")
    title = "Small ports, clean water"
    language = "en"
    content: Any = factory.LazyAttribute(lambda row: {"headline": row.title})
