"""Our fields, and the words that lists use for them in four languages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from proxeny.folding import fold


@dataclass(frozen=True, slots=True)
class Target:
    """A field of ours that a column may fill; `words` are its names in headers, best first.

    `only` names the source that has it, where not every list does; what is `read_only` is read from
    lists and not written to ours, which say the same in other columns.
    """

    name: str
    label: Any
    words: str
    help: Any = ""
    only: str = ""
    read_only: bool = False


TARGETS: tuple[Target, ...] = (
    Target(
        "key",
        _("Reference"),
        "key|reference|ref|external reference|external id|member id|member number|member no|id|"
        "organisation id|organization id|company id|"
        "référence|identifiant|n° adhérent|numéro d'adhérent|numéro adhérent|code adhérent|dossier|"
        "κωδικός|κωδικός μέλους|αριθμός μέλους|αριθμός μητρώου|α.μ.|αναγνωριστικό|"
        "المرجع|رقم العضوية|رقم العضو|الرقم|المعرف|رمز",
        _(
            "Your own number for the member. With it, the entry stays the same even if the name "
            "changes."
        ),
    ),
    Target(
        "name",
        _("Name"),
        "name|organisation|organization|organisation name|organization name|company|company name|"
        "member|member name|legal name|cluster name|name of the cluster|cluster organisation|cluster|"
        "nom|raison sociale|nom de l'organisation|nom de l'entreprise|entreprise|société|"
        "dénomination|libellé entreprise|adhérent|membre|structure|organisme|nom du cluster|"
        "όνομα|επωνυμία|επωνυμία εταιρείας|εταιρεία|οργανισμός|ονομασία|φορέας|μέλος|"
        "الاسم|اسم الشركة|الشركة|اسم المؤسسة|المؤسسة|اسم المنظمة|المنظمة|العضو",
    ),
    Target(
        "former_names",
        _("Former names"),
        "former names|former name|previous name|previous names|old name|"
        "ancien nom|anciens noms|ancienne dénomination|nom précédent|"
        "πρώην ονομασία|παλαιά επωνυμία|προηγούμενη επωνυμία|الاسم السابق|الأسماء السابقة",
        _("Separate several names in one cell with semicolons."),
    ),
    Target(
        "kind",
        _("Kind"),
        "kind|type|organisation type|organization type|type of organisation|activitytype|"
        "activity type|legal form|"
        "nature|type de structure|type d'organisation|type d'adhérent|catégorie|"
        "είδος|τύπος|κατηγορία|τύπος οργανισμού|النوع|نوع المؤسسة|الصنف|الفئة",
    ),
    Target(
        "country",
        _("Country"),
        "country|country code|nation|pays|code pays|χώρα|κωδικός χώρας|البلد|الدولة|بلد",
    ),
    Target(
        "vat",
        _("VAT number"),
        "vat|vat number|vat no|vat id|vatnumber|tax number|tva|n° tva|numéro de tva|"
        "tva intracommunautaire|αφμ|α.φ.μ.|αριθμός φπα|رقم الضريبة|الرقم الضريبي",
        _("Starts with the country code, such as EL094014201. We check its digits."),
    ),
    Target(
        "national",
        _("National register number"),
        "national register number|register number|registration number|company number|"
        "trade register number|national number|siren|n° siren|numéro siren|siret|n° siret|"
        "numéro siret|rcs|ice|γεμη|γ.ε.μη.|αριθμός γεμη|رقم السجل التجاري|السجل التجاري",
        _("For a SIRET, only the organisation’s part (the SIREN) is kept."),
    ),
    Target(
        "pic", _("PIC"), "pic|pic number|participant identification code|organisationid|pic code"
    ),
    Target("ror", _("ROR"), "ror|ror id|ror code"),
    Target("lei", _("LEI"), "lei|lei code|legal entity identifier"),
    Target(
        "region",
        _("Region"),
        "region|state|province|county|région|département|region name|nom de la région|"
        "περιφέρεια|περιοχή|νομός|الجهة|المنطقة|الإقليم|المحافظة",
    ),
    Target(
        "city",
        _("City"),
        "city|town|place|location|municipality|city town|headquarters|ville|lieu|commune|localité|siège|"
        "ville du siège|πόλη|δήμος|τοποθεσία|έδρα|τόπος|المدينة|مدينة|المكان|الموقع الجغرافي|المقر",
    ),
    Target(
        "nuts",
        _("NUTS region"),
        "nuts|nuts region|nuts code|nutscode|nuts 2|nuts2|nuts 3|nuts3|code nuts|κωδικός nuts|رمز nuts",
        _("A code such as EL30 or FRK2."),
    ),
    Target(
        "latitude",
        _("Latitude"),
        "latitude|lat|y wgs84|γεωγραφικό πλάτος|πλάτος|خط العرض",
    ),
    Target(
        "longitude",
        _("Longitude"),
        "longitude|lon|lng|long|x wgs84|γεωγραφικό μήκος|μήκος|خط الطول",
    ),
    Target(
        "coordinates",
        _("Coordinates"),
        "coordinates|geolocation|geo point|geo point 2d|geopoint|position|lat lon|gps|"
        "coordonnées|géolocalisation|συντεταγμένες|الإحداثيات",
        _("Latitude and longitude in one cell, such as 37.98, 23.72."),
        read_only=True,
    ),
    Target(
        "website",
        _("Website"),
        "website|web site|web|url|homepage|home page|web address|web page|webpage|organizationurl|"
        "organisation url|internet|link|links|"
        "site|site web|site internet|site web entreprise|adresse web|adresse internet|lien|liens|"
        "lien web|page web|"
        "ιστοσελίδα|ιστότοπος|ιστοχώρος|σύνδεσμος|διεύθυνση ιστοσελίδας|"
        "الموقع|الموقع الإلكتروني|موقع الويب|الرابط|رابط|رابط الموقع",
    ),
    Target(
        "email",
        _("Contact email"),
        "email|e-mail|mail|email address|e-mail address|contact email|contact e-mail|"
        "courriel|mél|mel|adresse e-mail|adresse mail|adresse courriel|adresse électronique|"
        "adresse de courriel|e-mail contact|mail contact|courrier électronique|"
        "ηλεκτρονικό ταχυδρομείο|διεύθυνση email|διεύθυνση ηλεκτρονικού ταχυδρομείου|"
        "ηλ. ταχυδρομείο|ηλεκτρονική διεύθυνση|ηλ. διεύθυνση|μέιλ|"
        "البريد الإلكتروني|البريد|بريد التواصل|بريد إلكتروني|الإيميل|إيميل|عنوان البريد الإلكتروني",
    ),
    Target(
        "contact",
        _("Contact person"),
        "contact|contact person|contact name|representative|person|"
        "personne de contact|personne à contacter|nom du contact|interlocuteur|représentant|"
        "επαφή|υπεύθυνος επικοινωνίας|πρόσωπο επικοινωνίας|εκπρόσωπος|"
        "جهة الاتصال|شخص الاتصال|المسؤول|الممثل",
    ),
    Target(
        "summary",
        _("Summary"),
        "summary|description|about|profile|presentation|activity|activities|"
        "résumé|présentation|descriptif|activité|activités|moto|"
        "περιγραφή|σύνοψη|περίληψη|δραστηριότητα|الوصف|ملخص|نبذة|النشاط|نشاط",
    ),
    Target(
        "sectors",
        _("Fields"),
        "fields|field|sectors|sector|industry|industries|topics|keywords|tags|domain|"
        "secteur|secteurs|secteur d'activité|domaine|domaines|domaine technologique|filière|"
        "mots-clés|thématiques|"
        "τομέας|τομείς|κλάδος|κλάδοι|λέξεις κλειδιά|القطاع|القطاعات|المجال|المجالات",
        _("Several values in one cell: the check shows how they’re separated."),
    ),
    Target(
        "nace",
        _("Sectors (NACE)"),
        "sectors nace|nace|nace code|nace codes|nace rev 2 1|nace sectors|code nace|codes nace|"
        "κωδικός nace|κωδικοί nace|رمز nace",
        _("NACE Rev. 2.1 codes such as 62 or 62.10, separated by commas."),
    ),
    Target(
        "topics",
        _("Fields of science"),
        "fields of science|euroscivoc|euroscivoc code|euroscivoccode|champs scientifiques|"
        "επιστημονικά πεδία|المجالات العلمية",
        _("EuroSciVoc codes such as /25/73, separated by commas."),
    ),
    Target(
        "languages",
        _("Languages"),
        "languages|spoken languages|working languages|langues|langues parlées|langues de travail|"
        "γλώσσες|γλώσσες εργασίας|اللغات|لغات العمل",
    ),
    Target(
        "language",
        _("Language of the text"),
        "language|language of the text|text language|langue|langue du texte|γλώσσα|"
        "γλώσσα κειμένου|اللغة|لغة النص",
    ),
    Target(
        "employees",
        _("Employees"),
        "employees|number of employees|staff|headcount|"
        "effectif|effectifs|salariés|nombre de salariés|"
        "εργαζόμενοι|αριθμός εργαζομένων|προσωπικό|عدد الموظفين|الموظفون|عدد العاملين",
    ),
    Target(
        "size",
        _("Size"),
        "size|size class|company size|taille|taille d'entreprise|μέγεθος|μέγεθος επιχείρησης|"
        "الحجم|حجم المؤسسة",
        _("Micro, small, medium or large."),
    ),
    Target(
        "founded",
        _("Founded in"),
        "founded|founded in|year founded|foundation year|year of foundation|established|"
        "année de création|création|fondée en|date de création|"
        "έτος ίδρυσης|ίδρυση|سنة التأسيس|تاريخ التأسيس",
    ),
    Target(
        "visibility",
        _("Visible to"),
        "visibility|visible to|visibilité|visible par|ορατότητα|ορατό σε|الظهور|مرئي ل",
    ),
    Target(
        "quality_label",
        _("Quality label"),
        "quality label|label|ecei label|cluster label|excellence label|ecei quality label|"
        "label de qualité|labellisation|σήμα ποιότητας|علامة الجودة",
        _("Bronze, silver or gold."),
        only="clusters",
    ),
    Target(
        "staff",
        _("Cluster staff"),
        "staff of the cluster|staff|cluster staff|full time staff|staff fte|fte|management staff|"
        "équipe|effectif de l'équipe|προσωπικό του cluster|فريق التجمع",
        _("In full-time equivalents."),
        only="clusters",
    ),
    Target(
        "members",
        _("Members"),
        "members|number of members|total members|committed members|cluster members|"
        "nombre de membres|nombre d'adhérents|membres|αριθμός μελών|μέλη|عدد الأعضاء|الأعضاء",
        only="clusters",
    ),
)

BY_NAME = {target.name: target for target in TARGETS}
#: The columns of our own lists: what an empty one has, and an export.
LISTED = tuple(target for target in TARGETS if not target.only and not target.read_only)


def label_of(name: str) -> Any:
    """Return the label of a changed fact."""
    return _("Registration numbers") if name == "identifiers" else BY_NAME[name].label


def targets_of(source: str) -> list[Target]:
    """Return the fields that a source may fill, in order."""
    return [target for target in TARGETS if target.only in ("", source)]


@cache
def _words(source: str) -> dict[str, tuple[str, int]]:
    # Word -> field, and how good a name it is: a list with "SIREN" and "Référence" means the latter.
    # Fields of this source only come first: for a cluster, "staff" is the cluster's own.
    targets = sorted(targets_of(source), key=lambda one: not one.only)
    found = {fold(label): (target.name, 0) for target in targets for label in _labels(target)}
    for target in targets:
        for rank, word in enumerate(target.words.split("|")):
            found.setdefault(fold(word), (target.name, rank))
    return found


def _labels(target: Target) -> list[str]:
    # The labels of our own export, in any reader's language.
    labels = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            labels.append(str(target.label))
    return labels


def count_known(cells: Iterable[str]) -> int:
    """Return how many different fields of ours a row of cells names."""
    words = _words("members") | _words("clusters")
    return len({words[folded][0] for cell in cells if (folded := fold(cell[:200])) in words})


def match_columns(
    header: Sequence[str], *, remembered: Mapping[str, str] | None = None, source: str = "members"
) -> dict[str, str]:
    """Return, for each field of ours that a header names, the label of its column.

    What a person chose at the last import of this source by the cluster goes first; then the best
    word for each field. No column fills two fields.
    """
    words = _words(source)
    offered = {target.name for target in targets_of(source)}
    labels = {fold(label): label for label in reversed(header)}
    chosen = {
        field: labels[fold(label)]
        for field, label in (remembered or {}).items()
        if field in offered and fold(label) in labels
    }
    # A column that the last import had and nobody wanted stays unused only if fields are decided;
    # new columns are matched by name.
    candidates: dict[str, tuple[int, str]] = {}
    for folded, label in labels.items():
        name, rank = words.get(folded, ("", 0))
        if name and name not in chosen and label not in chosen.values():
            candidates[name] = min(candidates.get(name, (rank, label)), (rank, label))
    return chosen | {name: label for name, (_rank, label) in candidates.items()}
