"""Partners of a bid with their roles, and the links by which they answer."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.bids.models.bids import Bid
from proxeny.directory.models import Kind
from proxeny.kernel.personal_data import COOPERATION, ERASED_NAME, MAIL, Holding, Keep
from proxeny.kernel.tenancy import Definer, Tenancy, define
from proxeny.partnerships.models.core import Party
from proxeny.partnerships.models.records import RoomRecord

# The partners for which somebody of their organisations can sign now. They need not see the bid.
define(
    Definer(
        "proxeny_partners_to_sign()",
        "SETOF bigint",
        "SELECT partner.id FROM public.bids_partner partner"
        " JOIN public.bids_bid bid ON bid.id = partner.bid_id"
        " JOIN public.partnerships_partnership room ON room.id = bid.partnership_id"
        " JOIN public.partnerships_signatory signs"
        " ON signs.organisation_id = partner.organisation_id"
        " JOIN public.partnerships_agreement text ON text.id = signs.agreement_id AND ("
        "(text.kind = 'letter' AND partner.state = 'asked' AND text.subject = partner.id::text)"
        " OR (text.kind = 'bid' AND partner.state = 'in' AND text.subject = bid.id::text))"
        " WHERE partner.organisation_id = ANY {organisations} AND partner.asked_at IS NOT NULL"
        " AND partner.dropped_at IS NULL AND bid.dropped_at IS NULL"
        " AND bid.state IN ('exploring', 'preparing') AND room.state = 'active'"
        " AND text.completed_at IS NULL AND text.closed_at IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM public.partnerships_signoff mine WHERE mine.agreement_id = text.id"
        " AND mine.organisation_id = partner.organisation_id)",
        rows=5,
    )
)

LANGUAGES = [("en", "English"), ("fr", "Français"), ("el", "Ελληνικά"), ("ar", "العربية")]


class Partner(RoomRecord):
    """An organisation in a bid: its role, the facts that conditions check, and its answer.

    `name`, `country` and `kind` are those of its entry when it was noted, so that everybody in the
    room reads them whatever they see of the directory. `party` is the side it comes with. What is
    not known (`sme`, `nonprofit`) stays empty. `rate` is what a month of its people costs,
    `percent` the part of its costs that it asks for, where that is less than the call gives, and
    `request` a sum that it asks for instead.
    """

    class Role(models.TextChoices):
        """The role of a partner; keys of `engine.consortium`."""

        BENEFICIARY = "beneficiary", _("Beneficiary")
        AFFILIATED = "affiliated_entity", _("Affiliated entity")
        ASSOCIATED = "associated_partner", _("Associated partner")
        SUBCONTRACTOR = "subcontractor", _("Subcontractor")

    class State(models.TextChoices):
        """The progress of the partner's agreement."""

        NOTED = "noted", _("Not invited yet")
        ASKED = "asked", pgettext_lazy("a partner of a bid", "Invited")
        IN = "in", pgettext_lazy("a partner of a bid", "Taking part")
        DECLINED = "declined", pgettext_lazy("a partner of a bid", "Declined")
        LEFT = "left", pgettext_lazy("a partner of a bid", "Left")

    bid = models.ForeignKey(Bid, on_delete=models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("organisation"),
    )
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.COMPANY)
    party = models.ForeignKey(
        Party,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("side"),
    )
    role = models.CharField(_("role"), max_length=18, choices=Role, default=Role.BENEFICIARY)
    leads = models.BooleanField(_("coordinator"), default=False)
    sme = models.BooleanField(_("small or medium-sized enterprise"), null=True, blank=True)
    nonprofit = models.BooleanField(_("non-profit"), null=True, blank=True)
    group = models.CharField(_("group it belongs to"), max_length=120, blank=True)
    brings = models.TextField(_("what it contributes"), max_length=2000, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=150, blank=True)
    contact_email = models.EmailField(_("their email address"), blank=True)
    language = models.CharField(_("language"), max_length=2, default="en", choices=LANGUAGES)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NOTED)
    rate = models.DecimalField(
        _("cost per person-month"),
        max_digits=9,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
    )
    percent = models.DecimalField(
        _("requested share of costs, in percent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    request = models.DecimalField(
        _("requested amount"),
        max_digits=13,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    #: The message with its answer, or its reason for leaving.
    word = models.TextField(max_length=2000, blank=True)
    reminded_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        # Invited partners read the invitation; before that, nobody outside the room does.
        read=(
            "partnership_id = ANY {rooms}"
            " OR (organisation_id = ANY {organisations} AND asked_at IS NOT NULL"
            " AND dropped_at IS NULL)"
        ),
        insert="partnership_id = ANY {rooms}",
        update="partnership_id = ANY {rooms}",
        delete="partnership_id = ANY {rooms}",
    )
    holding = Holding(
        COOPERATION,
        _("Contact person of a bid partner, and their reply"),
        addresses={"contact_email": "organisation"},
        names={"contact_name": "organisation"},
        texts=("brings", "word"),
        moment="created_at",
        personal={"contact_name": ERASED_NAME, "contact_email": ""},
        why_kept=_(
            "Kept: which organisations take part in the bid. Erasure removes the name of the "
            "contact person."
        ),
    )

    class Meta:
        indexes = [
            models.Index(fields=["bid"]),
            models.Index(fields=["organisation"]),
            models.Index(fields=["contact_email"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["bid", "organisation"],
                condition=Q(dropped_at=None),
                name="partner_once",
                violation_error_message=_("This organisation is already in the bid."),
            ),
            models.UniqueConstraint(
                fields=["bid"],
                condition=Q(leads=True, dropped_at=None),
                name="bid_led_by_one",
                violation_error_message=_("Another partner is already the coordinator."),
            ),
            models.CheckConstraint(
                condition=Q(leads=False) | Q(role="beneficiary"),
                name="bid_led_by_beneficiary",
                violation_error_message=_(
                    "Only a beneficiary can coordinate. Change the role or choose another "
                    "coordinator."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_counted(self) -> bool:
        """Whether it is planned with: it has neither said no nor left."""
        return self.state not in (self.State.DECLINED, self.State.LEFT)


class Link(models.Model):
    """A secret address by which a partner without a sign-in answers and signs; its hash is kept."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    tenancy = Tenancy()
    holding = Holding(
        MAIL,
        _("Links to reply to bid invitations"),
        hidden=("token_hash",),
        goes=True,
        shown={name: F(name) for name in ("created_at", "expires_at", "used_at")},
        keep=(Keep(365, since="expires_at"),),
    )

    class Meta:
        indexes = [models.Index(fields=["partner"])]

    def __str__(self) -> str:
        return f"link of {self.partner_id}"
