"""The public page of a partnership: its draft, and what the world has seen of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.holdings import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.partnerships.models.copies import SignedCopy

LANGUAGES = [("en", "English"), ("fr", "Français"), ("el", "Ελληνικά"), ("ar", "العربية")]


class Page(models.Model):
    """What the parties write about themselves for everybody: one draft for each partnership.

    `shown` are the keys of what the page tells besides (see `rules.key_of`): goals, activities,
    results, their sums, organisations that take part. `contact` is an address of an organisation.
    """

    partnership = models.OneToOneField(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    headline = models.CharField(_("headline"), max_length=200, blank=True)
    about = models.TextField(_("what it is for"), max_length=6000, blank=True)
    audience = models.TextField(_("for whom"), max_length=3000, blank=True)
    joining = models.TextField(_("how to join or reach it"), max_length=3000, blank=True)
    contact = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=2, default="en", choices=LANGUAGES)
    slug = models.SlugField(_("last part of the address"), max_length=80, unique=True)
    shown = ArrayField(models.CharField(max_length=40), verbose_name=_("what is shown"),
                       default=list, blank=True)  # fmt: skip
    created_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        read="partnership_id = ANY {rooms}",
        insert="partnership_id = ANY {rooms}",
        update="partnership_id = ANY {rooms}",
    )
    holding = Holding(
        COOPERATION, _("Drafts of public pages: their free text"),
        addresses={"contact": "partnership__lead"}, personal={"contact": ""},
        texts=("headline", "about", "audience", "joining"),
    )  # fmt: skip

    def __str__(self) -> str:
        return self.headline or self.slug


class PageVersion(SignedCopy):
    """The page as all sides signed it; `content` is plain data, as `content.Content` reads it.

    `contact` stands beside the content, so that it can be erased.
    """

    contact = models.EmailField(blank=True)

    holding = Holding(
        COOPERATION, _("Public pages as they were published"),
        addresses={"contact": "partnership__lead"}, personal={"contact": ""}, texts=("title",),
        why_kept=_("Kept: what was signed and published stays as it was. An address is taken out."),
    )  # fmt: skip

    class Meta(SignedCopy.Meta):
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="page_version_once"),
            models.UniqueConstraint(
                fields=["slug", "number"],
                condition=Q(published_at__isnull=False),
                name="page_slug_once",
            ),
        ]
