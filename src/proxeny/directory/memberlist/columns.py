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
    """A field of ours that a column may fill; `words` are what headers call it, best first."""

    name: str
    label: Any
    words: str
    help: Any = ""


TARGETS: tuple[Target, ...] = (
    Target(
        "key", _("Reference"),
        "key|reference|ref|external reference|external id|member id|member number|member no|id|"
        "organisation id|organisationid|organization id|company id|registration number|"
        "référence|identifiant|n° adhérent|numéro d'adhérent|numéro adhérent|code adhérent|"
        "n° siren|siren|n° siret|siret|dossier|"
        "κωδικός|κωδικός μέλους|αριθμός μέλους|αριθμός μητρώου|α.μ.|αφμ|αναγνωριστικό|"
        "المرجع|رقم العضوية|رقم العضو|الرقم|المعرف|رمز",
        _("Your own number for the member. With it, a name may change and the entry stays one."),
    ),
    Target(
        "name", _("Name"),
        "name|organisation|organization|organisation name|organization name|company|company name|"
        "member|member name|legal name|"
        "nom|raison sociale|nom de l'organisation|nom de l'entreprise|entreprise|société|"
        "dénomination|libellé entreprise|adhérent|membre|structure|organisme|"
        "όνομα|επωνυμία|επωνυμία εταιρείας|εταιρεία|οργανισμός|ονομασία|φορέας|μέλος|"
        "الاسم|اسم الشركة|الشركة|اسم المؤسسة|المؤسسة|اسم المنظمة|المنظمة|العضو",
    ),
    Target(
        "kind", _("Kind"),
        "kind|type|organisation type|organization type|type of organisation|activitytype|"
        "activity type|legal form|"
        "nature|type de structure|type d'organisation|type d'adhérent|catégorie|"
        "είδος|τύπος|κατηγορία|τύπος οργανισμού|النوع|نوع المؤسسة|الصنف|الفئة",
    ),
    Target(
        "country", _("Country"),
        "country|country code|nation|pays|code pays|χώρα|κωδικός χώρας|البلد|الدولة|بلد",
    ),
    Target(
        "region", _("Region"),
        "region|state|province|county|région|département|"
        "περιφέρεια|περιοχή|νομός|الجهة|المنطقة|الإقليم|المحافظة",
    ),
    Target("city", _("City"), "city|town|ville|commune|localité|πόλη|δήμος|المدينة|مدينة"),
    Target(
        "website", _("Website"),
        "website|web site|web|url|homepage|web address|organizationurl|organisation url|internet|"
        "site|site web|site internet|site web entreprise|adresse web|"
        "ιστοσελίδα|ιστότοπος|ιστοχώρος|الموقع|الموقع الإلكتروني|موقع الويب",
    ),
    Target(
        "email", _("Contact e-mail"),
        "email|e-mail|mail|email address|e-mail address|contact email|contact e-mail|"
        "courriel|adresse e-mail|adresse mail|adresse électronique|e-mail contact|"
        "ηλεκτρονικό ταχυδρομείο|διεύθυνση email|ηλ. ταχυδρομείο|"
        "البريد الإلكتروني|البريد|بريد التواصل",
    ),
    Target(
        "contact", _("Contact person"),
        "contact|contact person|contact name|representative|person|"
        "personne de contact|personne à contacter|nom du contact|interlocuteur|représentant|"
        "επαφή|υπεύθυνος επικοινωνίας|πρόσωπο επικοινωνίας|εκπρόσωπος|"
        "جهة الاتصال|شخص الاتصال|المسؤول|الممثل",
    ),
    Target(
        "summary", _("Summary"),
        "summary|description|about|profile|presentation|activity|activities|"
        "résumé|présentation|descriptif|activité|activités|moto|"
        "περιγραφή|σύνοψη|περίληψη|δραστηριότητα|الوصف|ملخص|نبذة|النشاط|نشاط",
    ),
    Target(
        "sectors", _("Fields"),
        "fields|field|sectors|sector|industry|industries|topics|keywords|tags|domain|"
        "secteur|secteurs|secteur d'activité|domaine|domaines|domaine technologique|filière|"
        "mots-clés|thématiques|"
        "τομέας|τομείς|κλάδος|κλάδοι|λέξεις κλειδιά|القطاع|القطاعات|المجال|المجالات",
        _("Several in one cell are separated by a comma or a semicolon."),
    ),
    Target(
        "languages", _("Languages"),
        "languages|spoken languages|working languages|langues|langues parlées|langues de travail|"
        "γλώσσες|γλώσσες εργασίας|اللغات|لغات العمل",
    ),
    Target(
        "language", _("Language of the text"),
        "language|language of the text|text language|langue|langue du texte|γλώσσα|"
        "γλώσσα κειμένου|اللغة|لغة النص",
    ),
    Target(
        "employees", _("Employees"),
        "employees|number of employees|staff|headcount|size|"
        "effectif|effectifs|salariés|nombre de salariés|taille|"
        "εργαζόμενοι|αριθμός εργαζομένων|προσωπικό|عدد الموظفين|الموظفون|عدد العاملين",
    ),
    Target(
        "founded", _("Founded in"),
        "founded|founded in|year founded|foundation year|year of foundation|established|"
        "année de création|création|fondée en|date de création|"
        "έτος ίδρυσης|ίδρυση|سنة التأسيس|تاريخ التأسيس",
    ),
    Target(
        "visibility", _("Visible to"),
        "visibility|visible to|visibilité|visible par|ορατότητα|ορατό σε|الظهور|مرئي ل",
    ),
)  # fmt: skip

BY_NAME = {target.name: target for target in TARGETS}


@cache
def _words() -> dict[str, tuple[str, int]]:
    # Word -> field, and how good a name it is: a list with "SIREN" and "Référence" means the latter.
    found = {fold(label): (target.name, 0) for target in TARGETS for label in _labels(target)}
    for target in TARGETS:
        for rank, word in enumerate(target.words.split("|")):
            found.setdefault(fold(word), (target.name, rank))
    return found


def _labels(target: Target) -> list[str]:
    # What our own export writes, whoever reads it back.
    labels = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            labels.append(str(target.label))
    return labels


def count_known(cells: Iterable[str]) -> int:
    """Return how many different fields of ours a row of cells names."""
    return len({_words()[folded][0] for cell in cells if (folded := fold(cell)) in _words()})


def match_columns(
    header: Sequence[str], *, remembered: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return, for each field of ours that a header names, the label of its column.

    What a person chose at the last import of the cluster goes first; then the best word for each
    field. No column fills two fields.
    """
    labels = {fold(label): label for label in reversed(header)}
    chosen = {
        field: labels[fold(label)]
        for field, label in (remembered or {}).items()
        if field in BY_NAME and fold(label) in labels
    }
    # A column that the last import had and nobody wanted stays unused only if fields are decided;
    # new columns are matched by name.
    candidates: dict[str, tuple[int, str]] = {}
    for folded, label in labels.items():
        name, rank = _words().get(folded, ("", 0))
        if name and name not in chosen and label not in chosen.values():
            candidates[name] = min(candidates.get(name, (rank, label)), (rank, label))
    return chosen | {name: label for name, (_rank, label) in candidates.items()}
