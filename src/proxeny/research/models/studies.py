"""A study: its question, contributors, method, results and beneficiaries."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.kernel.personal_data import COOPERATION, ERASED_NAME, Holding
from proxeny.partnerships.models.core import Party
from proxeny.partnerships.models.records import RoomRecord, in_room


class Licence(models.TextChoices):
    """Under what others may use it."""

    CC_BY = "cc-by-4.0", _("CC BY 4.0: free to use with credit")
    CC_BY_SA = "cc-by-sa-4.0", _("CC BY-SA 4.0: with credit, sharing under the same licence")
    CC_BY_NC = "cc-by-nc-4.0", _("CC BY-NC 4.0: with credit, non-commercial use only")
    CC0 = "cc0-1.0", _("CC0 1.0: free to use without conditions")
    ODBL = "odbl-1.0", _("ODbL 1.0: a licence for databases")
    OWN = "own", _("All rights reserved")


class Study(RoomRecord):
    """A question that the parties look into together.

    It is planned before it begins: `why` to `expected` are the elements that both sides have
    thought of, beside its contributors and the risks weighed for it.
    """

    class State(models.TextChoices):
        """The state of the study."""

        PLANNING = "planning", _("In preparation")
        RUNNING = "running", _("Under way")
        CONCLUDED = "concluded", _("Concluded")

    title = models.CharField(pgettext_lazy("of a study", "title"), max_length=200)
    question = models.CharField(_("question"), max_length=500)
    why = models.TextField(_("why it matters"), max_length=4000, blank=True)
    expected = models.TextField(_("who benefits, and how"), max_length=4000, blank=True)
    methods = models.TextField(_("methods"), max_length=8000, blank=True)
    ethics = models.TextField(_("ethics"), max_length=4000, blank=True)
    data_plan = models.TextField(_("data plan"), max_length=4000, blank=True)
    resources = models.TextField(_("people and budget"), max_length=4000, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    summary = models.TextField(_("what was found"), max_length=8000, blank=True)
    keywords = models.CharField(_("keywords"), max_length=300, blank=True)
    language = models.CharField(
        _("language"),
        max_length=2,
        default="en",
        choices=[("en", "English"), ("fr", "Français"), ("el", "Ελληνικά"), ("ar", "العربية")],
    )
    licence = models.CharField(_("licence"), max_length=12, choices=Licence, default=Licence.CC_BY)
    doi = models.CharField(_("DOI"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PLANNING)
    begun_on = models.DateField(_("started on"), null=True)
    concluded_on = models.DateField(_("concluded on"), null=True)

    tenancy = in_room()
    holding = Holding(
        COOPERATION,
        _("Studies: their free text"),
        texts=(
            "title",
            "question",
            "why",
            "expected",
            "methods",
            "ethics",
            "data_plan",
            "resources",
            "summary",
        ),
    )

    class Meta:
        verbose_name_plural = "studies"
        indexes = [models.Index(fields=["partnership", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="study_ends_after_start",
                violation_error_message=_("The end can’t be before the start."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Contributor(RoomRecord):
    """A person or an organisation that takes part in a study, and as what."""

    class Kind(models.TextChoices):
        """The kind of contributor."""

        PERSON = "person", _("A person")
        ORGANISATION = "organisation", _("An organisation")

    class Role(models.TextChoices):
        """The role of the contributor."""

        LEAD = "lead", _("Study lead")
        PARTNER = "partner", _("Partner")
        METHODS = "methods", _("Methods")
        DATA = "data", _("Data")
        ANALYSIS = "analysis", _("Analysis")
        WRITING = "writing", _("Writing")
        PRACTICE = "practice", _("Practice")
        ADVICE = "advice", _("Advice")
        FUNDER = "funder", _("Funder")

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="contributors")
    kind = models.CharField(_("what it is"), max_length=12, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.PARTNER)
    party = models.ForeignKey(
        Party,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("side"),
    )
    affiliation = models.CharField(_("affiliation"), max_length=200, blank=True)
    identifier = models.URLField(_("ORCID or ROR address"), max_length=200, blank=True)
    cited = models.BooleanField(_("cited as an author"), default=False)

    tenancy = in_room()
    holding = Holding(
        COOPERATION,
        _("Contributors to studies"),
        names={"name": "party__organisation"},
        personal={"name": ERASED_NAME},
        texts=("affiliation",),
    )

    class Meta:
        indexes = [models.Index(fields=["study"])]

    def __str__(self) -> str:
        return self.name


class WeighedRisk(RoomRecord):
    """A risk of the joint register that was weighed for a study, before it began."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="risks")
    risk = models.ForeignKey(
        "partnerships.Risk", on_delete=models.CASCADE, related_name="+", verbose_name=_("risk")
    )
    note = models.CharField(_("what it means for this study"), max_length=500, blank=True)

    tenancy = in_room()
    holding = Holding(COOPERATION, _("Risks of studies: their free text"), texts=("note",))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study", "risk"],
                condition=Q(dropped_at=None),
                name="weighed_once",
                violation_error_message=_("This risk has already been assessed for the study."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.risk_id} for {self.study_id}"


class Result(RoomRecord):
    """A result of a study: an output, an outcome for somebody, or engagement with outsiders."""

    class Kind(models.TextChoices):
        """The kind of result."""

        OUTPUT = "output", _("Output: something that was produced")
        OUTCOME = "outcome", _("Outcome: something that changed")
        ENGAGEMENT = "engagement", _("Engagement: others took part")

    class Benefits(models.TextChoices):
        """The beneficiaries of the result."""

        CLUSTERS = "clusters", _("Clusters")
        PRACTICE = "practice", _("Practitioners")
        INDUSTRY = "industry", _("Industry")
        PUBLIC = "public", _("The public")
        SCIENCE = "science", _("Science")

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="results")
    kind = models.CharField(_("what it is"), max_length=10, choices=Kind, default=Kind.OUTPUT)
    title = models.CharField(_("title"), max_length=200)
    details = models.TextField(_("details"), max_length=4000, blank=True)
    happened_on = models.DateField(_("date"))
    benefits = models.CharField(_("who benefits"), max_length=8, choices=Benefits)
    reached = models.PositiveIntegerField(_("number reached"), null=True, blank=True)
    proof = models.CharField(_("proof"), max_length=500, blank=True)
    proof_url = models.URLField(_("link to the proof"), max_length=500, blank=True)

    tenancy = in_room()
    holding = Holding(
        COOPERATION, _("Results of studies: their free text"), texts=("title", "details", "proof")
    )

    class Meta:
        indexes = [models.Index(fields=["study", "kind"])]

    def __str__(self) -> str:
        return self.title
