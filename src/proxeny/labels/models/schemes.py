"""Schemes of labels: the draft, and the versions that all sides signed."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, NOBODY, Holding
from proxeny.kernel.tenancy import Definer, define
from proxeny.labels.models.shares import ShareField
from proxeny.partnerships.models.copies import SignedCopy
from proxeny.partnerships.models.core import Partnership
from proxeny.partnerships.models.records import RoomRecord, in_room

LANGUAGES = [("en", "English"), ("fr", "Français"), ("el", "Ελληνικά"), ("ar", "العربية")]
_PERCENT = [MinValueValidator(0), MaxValueValidator(100)]
_WEIGHT = [MinValueValidator(1), MaxValueValidator(1000)]


class Scheme(RoomRecord):
    """A label in its making: what holds for all of its rounds from the next signed version on.

    Its words are in `language`; those of the other `languages` are `Wording`s. `languages`,
    `countries` and `kinds` are codes with a space between; an empty list of countries or kinds
    excludes nobody. `per` jurors read each application, and an indicator counts with the scores of
    at least `least_scores` of them. Fees are in `currency`. An award holds for `valid_months` and
    can be renewed from `renew_months` before its end. `slug` is the last part of its address and of
    its identifier (did:web): it stays once a version is signed.
    """

    class Rule(models.TextChoices):
        """The rule that combines the scores of several jurors; keys of `engine.label.scores`."""

        MEDIAN = "median", _("Median score")
        MEAN = "mean", _("Average of all scores")
        TRIMMED = "trimmed", _("Average without the highest and lowest scores")
        LOWEST = "lowest", _("Lowest score")

    title = models.CharField(_("label name"), max_length=120)
    slug = models.SlugField(_("last part of the address"), max_length=60, unique=True)
    language = models.CharField(_("written in"), max_length=2, default="en", choices=LANGUAGES)
    languages = models.CharField(_("published in"), max_length=20, default="en fr el ar")
    about = models.TextField(_("what it stands for"), max_length=6000, blank=True)
    audience = models.TextField(_("who can apply"), max_length=3000, blank=True)
    recognition = models.TextField(_("mutual recognition"), max_length=3000, blank=True)
    countries = models.CharField(_("countries"), max_length=800, blank=True)
    kinds = models.CharField(_("types of organisation"), max_length=200, blank=True)
    rule = models.CharField(
        _("how scores are combined"), max_length=8, choices=Rule, default=Rule.MEDIAN
    )
    total_least = models.DecimalField(
        _("minimum total, in percent"),
        max_digits=5,
        decimal_places=2,
        default=60,
        validators=_PERCENT,
    )
    per = models.PositiveSmallIntegerField(
        _("jurors per application"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(15)],
    )
    least_scores = models.PositiveSmallIntegerField(
        _("minimum scores per indicator"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(15)],
    )
    is_anonymous = models.BooleanField(_("applicants hidden from jurors"), default=False)
    conflicts = models.TextField(
        _("when a juror has a conflict of interest"), max_length=3000, blank=True
    )
    appeals = models.TextField(_("how to appeal"), max_length=3000, blank=True)
    appeal_days = models.PositiveSmallIntegerField(
        _("appeal period, in days"), default=30, validators=[MaxValueValidator(365)]
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    fee_application = models.DecimalField(
        _("application fee"),
        max_digits=9,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
    )
    fee_award = models.DecimalField(
        _("award fee"),
        max_digits=9,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
    )
    valid_months = models.PositiveSmallIntegerField(
        _("award validity, in months"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    renew_months = models.PositiveSmallIntegerField(
        _("renewal period before expiry, in months"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
    )
    contact = models.EmailField(_("contact email for applicants"), blank=True)

    tenancy = in_room()
    holding = Holding(
        COOPERATION,
        _("Label schemes: their free text"),
        addresses={"contact": "partnership__lead"},
        personal={"contact": ""},
        texts=("title", "about", "audience", "recognition", "conflicts", "appeals"),
    )

    class Meta:
        indexes = [models.Index(fields=["partnership"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    total_least__gte=0,
                    total_least__lte=100,
                    per__gte=1,
                    least_scores__gte=1,
                    valid_months__gte=1,
                    renew_months__gte=1,
                ),
                name="scheme_figures",
            ),
            models.CheckConstraint(
                condition=Q(least_scores__lte=models.F("per")),
                name="scheme_scores_there",
                violation_error_message=_(
                    "This is more than the number of jurors per application."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class _Part(RoomRecord):
    """Something of a scheme, in its order."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        abstract = True


class Criterion(_Part):
    """Several indicators that count together. `least` is its own threshold, in percent."""

    title = models.CharField(_("criterion"), max_length=200)
    explanation = models.TextField(_("explanation"), max_length=2000, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1, validators=_WEIGHT)
    least = models.DecimalField(
        _("threshold, in percent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=_PERCENT,
    )

    tenancy = in_room()
    holding = Holding(COOPERATION, _("Label criteria"), texts=("title", "explanation"))

    class Meta:
        verbose_name_plural = "criteria"
        indexes = [models.Index(fields=["scheme", "number"])]

    def __str__(self) -> str:
        return self.title


class Indicator(_Part):
    """An indicator, scored from 0 to `scale` points. `least` is its own threshold, in points."""

    criterion = models.ForeignKey(
        Criterion, on_delete=models.CASCADE, related_name="indicators", verbose_name=_("criterion")
    )
    title = models.CharField(_("indicator"), max_length=300)
    explanation = models.TextField(_("explanation"), max_length=2000, blank=True)
    guide = models.TextField(_("what the points mean"), max_length=2000, blank=True)
    scale = models.PositiveSmallIntegerField(
        _("maximum points"), default=5, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    weight = models.PositiveSmallIntegerField(_("weight"), default=1, validators=_WEIGHT)
    least = models.DecimalField(
        _("threshold, in points"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    evidence = models.TextField(_("requested evidence"), max_length=1000, blank=True)
    needs_file = models.BooleanField(_("a document is required"), default=False)

    tenancy = in_room()
    holding = Holding(
        COOPERATION,
        _("Label indicators"),
        texts=("title", "explanation", "guide", "evidence"),
    )

    class Meta:
        indexes = [models.Index(fields=["scheme"]), models.Index(fields=["criterion", "number"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(least=None) | Q(least__lte=models.F("scale")),
                name="indicator_within_scale",
                violation_error_message=_("The threshold is above the maximum points."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Condition(_Part):
    """A condition of eligibility in words, confirmed by the applicant."""

    title = models.CharField(_("condition"), max_length=500)

    tenancy = in_room()
    holding = Holding(COOPERATION, _("Label conditions"), texts=("title",))

    class Meta:
        indexes = [models.Index(fields=["scheme", "number"])]

    def __str__(self) -> str:
        return self.title


class Level(_Part):
    """A level of the label, such as gold, from `least` percent in total on."""

    title = models.CharField(_("level"), max_length=80)
    least = models.DecimalField(
        _("from this total, in percent"), max_digits=5, decimal_places=2, validators=_PERCENT
    )

    tenancy = in_room()
    holding = NOBODY

    class Meta:
        indexes = [models.Index(fields=["scheme", "number"])]

    def __str__(self) -> str:
        return self.title


class Quota(_Part):
    """A share of the places of a round for projects of some countries.

    `countries` are codes with a space between. `least` and `most` are fractions, percents or numbers
    of places, see `ShareField`; `least` is rounded down to places, `most` up.
    """

    title = models.CharField(_("origin"), max_length=120)
    countries = models.CharField(_("countries"), max_length=800)
    least = ShareField(_("minimum places"), default="0.00")
    most = ShareField(_("maximum places"), null=True, blank=True)

    tenancy = in_room()
    holding = NOBODY

    class Meta:
        indexes = [models.Index(fields=["scheme", "number"])]

    def __str__(self) -> str:
        return self.title


class Wording(models.Model):
    """A text of a scheme in another language.

    `key` names the text (see `wordings.keys_of`). `of_hash` is the fingerprint of the text that was
    translated: if that has changed since, the translation is looked at again.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="wordings")
    key = models.CharField(max_length=40)
    language = models.CharField(max_length=2, choices=LANGUAGES)
    text = models.TextField(max_length=6000)
    of_hash = models.CharField(max_length=64)

    tenancy = in_room()
    holding = Holding(COOPERATION, _("Label schemes in other languages"), texts=("text",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "key", "language"], name="wording_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} in {self.language}"


class SchemeVersion(SignedCopy):
    """A scheme as all sides signed it; `content` is plain data, as `content.SchemeText` reads it.

    A published version never changes: rounds are judged by the version with which they opened.
    `contact` is outside the content, so that it can be erased.
    """

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    contact = models.EmailField(blank=True)

    holding = Holding(
        COOPERATION,
        _("Label schemes as published"),
        addresses={"contact": "partnership__lead"},
        personal={"contact": ""},
        texts=("title",),
        why_kept=_(
            "Kept: what was signed and published stays as it was. Email addresses are removed."
        ),
    )

    class Meta(SignedCopy.Meta):
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="scheme_version_once"),
        ]


# A published threshold can't be changed by anyone: the database refuses it.
define(
    Definer(
        "proxeny_keep_scheme()",
        "trigger",
        """BEGIN
IF OLD.published_at IS NOT NULL AND (NEW.content IS DISTINCT FROM OLD.content
  OR NEW.published_at IS DISTINCT FROM OLD.published_at OR NEW.number <> OLD.number) THEN
  RAISE EXCEPTION 'a published scheme does not change' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
END""",
        language="plpgsql",
        trigger="BEFORE UPDATE ON labels_schemeversion",
    )
)
