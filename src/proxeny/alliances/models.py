"""The public page of a partnership: its draft, and its published versions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.partnerships.models.copies import SignedCopy

LANGUAGES = [("en", "English"), ("fr", "Français"), ("el", "Ελληνικά"), ("ar", "العربية")]


class Page(models.Model):
    """The parties' public description of themselves: one draft for each partnership.

    `shown` holds the keys of the contents shown besides the texts (see `rules.key_of`): goals,
    activities, results, their sums, participating organisations. `contact` is an address of an
    organisation.
    """

    partnership = models.OneToOneField(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    headline = models.CharField(_("headline"), max_length=200, blank=True)
    about = models.TextField(_("what it is for"), max_length=6000, blank=True)
    audience = models.TextField(_("who it is for"), max_length=3000, blank=True)
    joining = models.TextField(_("how to join or get in touch"), max_length=3000, blank=True)
    contact = models.EmailField(_("email address"), blank=True)
    language = models.CharField(_("language"), max_length=2, default="en", choices=LANGUAGES)
    slug = models.SlugField(_("last part of the address"), max_length=80, unique=True)
    shown = ArrayField(
        models.CharField(max_length=40), verbose_name=_("what is shown"), default=list, blank=True
    )
    created_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        read="partnership_id = ANY {rooms}",
        insert="partnership_id = ANY {rooms}",
        update="partnership_id = ANY {rooms}",
    )
    holding = Holding(
        COOPERATION,
        _("Free text in drafts of public pages"),
        addresses={"contact": "partnership__lead"},
        personal={"contact": ""},
        texts=("headline", "about", "audience", "joining"),
    )

    def __str__(self) -> str:
        return self.headline or self.slug


class PageVersion(SignedCopy):
    """The page as all sides signed it; `content` is plain data, as `content.Content` reads it.

    `contact` is stored beside the content, so that it can be erased.
    """

    contact = models.EmailField(blank=True)

    holding = Holding(
        COOPERATION,
        _("Published versions of public pages"),
        addresses={"contact": "partnership__lead"},
        personal={"contact": ""},
        texts=("title",),
        why_kept=_(
            "Kept: what was signed and published stays as it was. Email addresses are removed."
        ),
    )

    class Meta(SignedCopy.Meta):
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="page_version_once"),
            models.UniqueConstraint(
                fields=["slug", "number"],
                condition=Q(published_at__isnull=False),
                name="page_slug_once",
            ),
        ]
