"""The joint offer of two clusters: recipients, suppliers, prices and deadlines."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, NOBODY, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.partnerships.models.records import in_room


class Question(models.TextChoices):
    """The market question of a company."""

    DEMAND = "demand", _("Is there demand?")
    ENTRY = "entry", _("How do we enter the market?")
    REGULATION = "regulation", _("What does the law require?")
    PARTNERS = "partners", _("Who could be our partner?")
    PRICE = "price", _("What price should we charge?")


class Service(models.Model):
    """One service of the catalogue of a partnership.

    Both sides sign its terms (an agreement of the kind `service`) before members see it; changed
    terms need new signatures. Its name and texts are in `ServiceText`, by language.
    """

    class State(models.TextChoices):
        """Whether members can ask for it."""

        DRAFT = "draft", _("Draft")
        SIGNING = "signing", _("Waiting for signatures")
        OFFERED = "offered", _("Offered")
        PAUSED = "paused", _("Paused")
        RETIRED = "retired", _("No longer offered")

    class Payer(models.TextChoices):
        """The side that bears the price."""

        CLIENT = "client", _("The company")
        CLUSTER = "cluster", _("The company’s cluster")
        SHARED = "shared", _("The company and its cluster, half each")
        FUNDED = "funded", _("A grant")

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="services"
    )
    question = models.CharField(_("market question"), max_length=10, choices=Question)
    price = models.DecimalField(
        _("price"), max_digits=9, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    payer = models.CharField(_("who pays"), max_length=7, choices=Payer, default=Payer.CLIENT)
    #: How many engagements run at once; asked for beyond it, one waits.
    capacity = models.PositiveSmallIntegerField(
        _("assessments at once"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
    )
    promised_days = models.PositiveSmallIntegerField(
        _("turnaround (days)"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(365)],
    )
    state = models.CharField(max_length=7, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    # Members of both clusters ask for what is offered.
    tenancy = Tenancy(
        read=(
            "partnership_id = ANY {rooms} OR (partnership_id = ANY {circles}"
            " AND state IN ('offered', 'paused'))"
        ),
        insert="partnership_id = ANY {rooms}",
        update="partnership_id = ANY {rooms}",
        delete="partnership_id = ANY {rooms} AND state = 'draft'",
    )
    holding = NOBODY

    class Meta:
        indexes = [models.Index(fields=["partnership", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gte=0, capacity__gte=1, promised_days__gte=5),
                name="service_figures",
            )
        ]

    def __str__(self) -> str:
        return f"service {self.pk}"


class ServiceText(models.Model):
    """The name and texts of a service in one language."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2)
    name = models.CharField(_("name"), max_length=120)
    summary = models.CharField(_("in one sentence"), max_length=300)
    details = models.TextField(_("what you get, and who it’s for"), max_length=4000, blank=True)

    tenancy = Tenancy(
        # Passes the policy of the service.
        read="service_id IN (SELECT id FROM assessments_service)",
        insert=(
            "service_id IN (SELECT id FROM assessments_service WHERE partnership_id = ANY {rooms})"
        ),
        update=(
            "service_id IN (SELECT id FROM assessments_service WHERE partnership_id = ANY {rooms})"
        ),
        delete=(
            "service_id IN (SELECT id FROM assessments_service WHERE partnership_id = ANY {rooms})"
        ),
    )
    holding = Holding(COOPERATION, _("Services: texts"), texts=("name", "summary", "details"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "language"], name="service_text_once")
        ]

    def __str__(self) -> str:
        return self.name


class ServiceTeam(models.Model):
    """The person who delivers a service on one side, and receives its requests."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="teams")
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    party = models.ForeignKey("partnerships.Party", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    tenancy = in_room()
    holding = Holding(
        COOPERATION,
        _("Services the person delivers"),
        about=("person",),
        personal={"person": None},
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "party"], name="service_team_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.party_id}"
