"""Names of countries besides those in Unicode's lists: short and official ones.

Babel has one name for each country and language. Lists also contain the short name ("Hong Kong"),
the name of ISO 3166 ("Korea, Republic of") and the official one ("Hellenic Republic"). Forms such
as "Republic of X" are handled by a rule; names that no rule covers are in the table.
"""

import re
from collections.abc import Iterator
from functools import cache

from proxeny.folding import fold

_TABLE = """
GB: uk|great britain|britain|england|scotland|wales|northern ireland|angleterre|ecosse|grande bretagne|pays de galles|royaume uni de grande bretagne et d irlande du nord|united kingdom of great britain and northern ireland|αγγλια|μεγαλη βρετανια|σκωτια|بريطانيا|بريطانيا العظمى|انجلترا|ηνωμενο βασιλειο της μεγαλης βρετανιας και της βορειας ιρλανδιας|المملكة المتحدة لبريطانيا العظمى وايرلندا الشمالية
GR: el|hellas|ellada|ellas|hellenic republic|republique hellenique|ελληνικη δημοκρατια|ελλας|الجمهورية الهيلينية|الجمهورية اليونانية|republique grecque
US: usa|u s a|us of america|united states of america|america|etats unis d amerique|ηπα|ηνωμενες πολιτειες αμερικης|ηνωμενες πολιτειες της αμερικης|امريكا|الولايات المتحدة الامريكية|الولايات المتحدة الاميركية
NL: holland|the netherlands|hollande|ολλανδια|royaume des pays bas|مملكة هولندا
CZ: czech republic|republique tcheque|τσεχια|τσεχικη δημοκρατια|جمهورية التشيك|الجمهورية التشيكية
SK: slovak republic|republique slovaque|σλοβακικη δημοκρατια|الجمهورية السلوفاكية
TR: turkey|τουρκικη δημοκρατια|الجمهورية التركية
KR: south korea|republic of korea|korea republic of|korea|coree|republique de coree|δημοκρατια της κορεας|جمهورية كوريا|coree republique de|coree du sud|κορεα δημοκρατια της|كوريا الجنوبية|كوريا جمهورية كوريا
KP: north korea|democratic people s republic of korea|korea democratic people s republic of|republique populaire democratique de coree|λαικη δημοκρατια της κορεας|جمهورية كوريا الشعبية الديمقراطية|coree republique populaire democratique de|republique democratique populaire de coree|coree du nord|κορεα λαοκρατικη δημοκρατια της|λαοκρατικη δημοκρατια της κορεας|كوريا الشمالية|كوريا جمهورية كوريا الشعبية الديمقراطية
CN: people s republic of china|prc china|republique populaire de chine|λαικη δημοκρατια της κινας|جمهورية الصين الشعبية
TW: republic of china|republique de chine|taiwan province of china|taiwan republic of china|chinese taipei|taipei chinois|taiwan province de chine
HK: hong kong|hongkong|hong kong china|hong kong sar|χονγκ κονγκ|هونغ كونغ|هونج كونج|هونغ كونغ الصينية|hong kong special administrative region of china|region speciale administrative chinoise de hong kong|χονγκ κονγκ ειδικη διοικητικη περιοχη της κινας|هونج كونج المنطقة الصينية الادارية الخاصة
MO: macao|macau|macao sar|macau sar|macao china|μακαο|ماكاو|macao special administrative region of china|region speciale administrative chinoise de macao
CD: democratic republic of the congo|congo democratic republic of the|democratic republic of congo|dr congo|d r congo|drc|rdc|rd congo|r d congo|congo drc|zaire|republique democratique du congo|congo republique democratique du|congo rdc|congo kinshasa|λαικη δημοκρατια του κονγκο|λ δ κονγκο|λδ κονγκο|κονγκο λδ|جمهورية الكونغو الديمقراطية|الكونغو الديمقراطية|κονγκο λαικη δημοκρατια του|الكونغو جمهورية الكونغو الديمقراطية|جمهورية الكونغو الديموقراطية
CG: congo|republic of the congo|republic of congo|congo republic|congo republic of the|congo brazzaville|republique du congo|δημοκρατια του κονγκο|κονγκο|جمهورية الكونغو|الكونغو
CI: ivory coast|cote d ivoire|republique de cote d ivoire|جمهورية كوت ديفوار|كوت ديفوار
MM: burma|myanmar|birmanie|βιρμανια|μιανμαρ|بورما|ميانمار
MK: macedonia|macedonia former yugoslav republic of|fyrom|former yugoslav republic of macedonia|the former yugoslav republic of macedonia|macedoine|πγδμ|β μακεδονια|مقدونيا
SZ: swaziland|σουαζιλανδη|سوازيلاند
AE: uae|u a e|emirates|emirats|eau|ηαε|الامارات
XK: kos|kosova|κοσσυφοπεδιο
PS: palestine|state of palestine|etat de palestine|palestinian territory occupied|occupied palestinian territory|παλαιστινη|فلسطين|دولة فلسطين
SY: syrian arab republic|republique arabe syrienne|الجمهورية العربية السورية|syrienne republique arabe
LA: lao people s democratic republic|lao pdr|republique democratique populaire lao|lao republique democratique populaire
VN: viet nam|socialist republic of viet nam|republique socialiste du viet nam|الفيتنام
RU: russian federation|federation de russie|ρωσικη ομοσπονδια|روسيا الاتحادية|الاتحاد الروسي|russie federation de
BN: brunei darussalam|brunei
CV: cape verde|cap vert|الراس الاخضر|cabo verde
TL: east timor|timor oriental|timor leste
FM: federated states of micronesia|micronesia federated states of|micronesia|micronesie etats federes de|etats federes de micronesie
VA: holy see|saint siege|vatican|vatican city state|αγια εδρα|الكرسي الرسولي|holy see vatican city state|saint siege etat de la cite du vatican
BA: bosnia|bosnia herzegovina|bosnie|bosnie et herzegovine|βοσνια|البوسنة
TT: trinidad|trinite et tobago
KN: saint kitts and nevis
LC: saint lucia
VC: saint vincent and the grenadines
SH: saint helena|saint helena ascension and tristan da cunha|sainte helene ascension et tristan da cunha
PM: saint pierre and miquelon
BL: saint barthelemy
MF: saint martin|saint martin french part|saint martin partie francaise
SX: sint maarten dutch part
AG: antigua and barbuda
ST: sao tome and principe
SJ: svalbard and jan mayen|svalbard et ile jan mayen
WF: wallis and futuna
TC: turks and caicos islands
BQ: bonaire sint eustatius and saba|bonaire saint eustache et saba
GM: gambia|the gambia|gambie
BS: bahamas|the bahamas
PH: philippines|the philippines
MV: maldives
FK: falkland islands|falklands|malouines|iles malouines|falkland islands malvinas|malouines iles falkland
VI: virgin islands u s|us virgin islands|virgin islands of the united states|iles vierges etats unis|iles vierges des etats unis d amerique
VG: virgin islands british
SA: ksa|royaume d arabie saoudite|المملكة العربية السعودية|السعودية
JO: hashemite kingdom of jordan|royaume hachemite de jordanie|المملكة الاردنية الهاشمية
MA: royaume du maroc|المملكة المغربية
TN: republique tunisienne|الجمهورية التونسية
DZ: republique algerienne democratique et populaire|people s democratic republic of algeria|الجمهورية الجزائرية الديمقراطية الشعبية|الجمهورية الجزائرية
LY: libyan arab jamahiriya|state of libya|الجماهيرية العربية الليبية
EG: arab republic of egypt|republique arabe d egypte|جمهورية مصر العربية
LB: lebanese republic|republique libanaise|الجمهورية اللبنانية
YE: الجمهورية اليمنية
MR: الجمهورية الاسلامية الموريتانية|republique islamique de mauritanie
FR: french republic|republique francaise|metropolitan france|france metropolitaine|γαλλικη δημοκρατια|الجمهورية الفرنسية
IT: italian republic|republique italienne|ιταλικη δημοκρατια|الجمهورية الايطالية
PT: portuguese republic|republique portugaise|πορτογαλικη δημοκρατια|الجمهورية البرتغالية
DE: bundesrepublik deutschland|deutschland|ομοσπονδιακη δημοκρατια της γερμανιας|جمهورية المانيا الاتحادية
AT: osterreich|δημοκρατια της αυστριας|αυστριακη δημοκρατια
ES: espana|βασιλειο της ισπανιας
CH: swiss confederation|confederation suisse|schweiz|suisse|ελβετικη συνομοσπονδια|الاتحاد السويسري|confederation helvetique
CY: κυπριακη δημοκρατια|الجمهورية القبرصية
IE: eire
BE: βασιλειο του βελγιου
AR: argentine republic|republique argentine|الجمهورية الارجنتينية
UY: oriental republic of uruguay|republique orientale de l uruguay|eastern republic of uruguay|republique orientale d uruguay|الاوروغواي
PL: republique de pologne
HR: republique de croatie
MD: moldavie
BY: belarus|bielorussie|روسيا البيضاء
KG: kirghizistan|kirghizie|kyrgyz republic|republique kirghize
IN: republique de l inde
BO: plurinational state of bolivia
TZ: united republic of tanzania|republique unie de tanzanie
IR: perse|persia|الجمهورية الاسلامية الايرانية
EH: sahara occidental
GA: gabonese republic|republique gabonaise|الجمهورية الغابونية
HM: heard island and mcdonald islands
MX: united mexican states|etats unis mexicains|etats unis du mexique|الولايات المكسيكية المتحدة|ηνωμενες πολιτειες του μεξικου
PN: pitcairn
RW: rwandese republic|republique rwandaise
GS: south georgia and the south sandwich islands
TG: togolese republic|republique togolaise
UM: united states minor outlying islands
AX: iles aland|aland iles|νησοι ωλαντ
BD: bengladesh|republique populaire du bengladesh|بنغلادش
CC: iles cocos|cocos keeling iles
CX: christmas ile|iles christmas
MU: ile maurice|republique de l ile maurice
NU: nioue
RE: reunion ile de la|ile de la reunion|reunion
SB: salomon iles|νησοι σολομωντα|جزر سولومون
SM: san marin
SR: surinam
NE: δημοκρατια του νιγηρα
NG: δημοκρατια της νιγηριας|ομοσπονδιακη δημοκρατια της νιγηριας
ZA: δημοκρατια της νοτιας αφρικης
HU: هنغاريا
MT: مالطة
ZW: زمبابوي
PY: الباراغواي
PE: البيرو
NZ: نيوزيلاندا
BF: بوركينا فاصو
LT: لثوانيا
LI: ليشتنشتاين
DK: الدنمارك
CM: republique du cameroun
"""
_KIND = r"(?:republic|kingdom|state|states|commonwealth|principality|grand duchy|sultanate|union|co operative republic)"
_SORT = r"(?:(?:federal|federative|federated|islamic|arab|people s|democratic|socialist|united|independent|plurinational|bolivarian|cooperative|co operative) )*"
_KIND_FR = r"(?:republique|royaume|etat|principaute|grand duche|sultanat|union|commonwealth)"
_SORT_FR = r"(?: (?:federale|federative|islamique|arabe|populaire|democratique|socialiste|unie|independant|plurinational|bolivarienne|cooperative))*"
_OF_FR = r" (?:de la|de l|du|des|de|d) "
_SORT_AR = (
    r"(?: (?:الاسلاميه|الاتحاديه|الشعبيه|الديمقراطيه|الديموقراطيه|الاشتراكيه|المتحده|العربيه))"
)
#: The country inside its official name; folded text.
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"^{_SORT}{_KIND} of (.+)$",
        rf"^(.+?) {_SORT}{_KIND} of$",
        rf"^(?:la |le |l )?{_KIND_FR}{_SORT_FR}{_OF_FR}(.+)$",
        rf"^(.+?)(?: la| le| l)? {_KIND_FR}{_SORT_FR}(?: de la| de l| du| des| de| d)$",
        r"^(?:جمهوريه|دوله|مملكه|سلطنه|اماره) (.+)$",
        rf"^جمهوريه (.+?){_SORT_AR}+$",
        r"^(?:la|le|les|l|η|το|οι|τα) (.+)$",
    )
)
_LONGEST = 120
# Greek puts the country into the genitive, whose stem is that of the name.
_FORM_EL = re.compile(
    r"^(?:\w+ ){0,3}?(?:δημοκρατια|βασιλειο|κρατοσ|πριγκιπατο|δουκατο|πολιτεια|σουλτανατο|ενωση"
    r"|κοινοπολιτεια|συνομοσπονδια) (?:τησ|του|των) (.+)$"
)
_ENDING_EL = re.compile(r"(?:εσ|ων|ου|οσ|ασ|ησ|οι|α|η|ο)\b")
# Names that two countries share: their official names stand in the table, or mean neither.
_SHARED = {"congo", "κονγκο", "الكونغو", "korea", "coree", "china", "chine", "كوريا", "الصين"}
# CLDR writes "&" or joins, lists write "and".
_SMALL = re.compile(r"\b(?:the|and|et|και)\b")


@cache
def other_words() -> dict[str, str]:
    """Return the code of each text of the table, as `name_key` gives it."""
    return {name_key(word): code for code, words in _lines() for word in words.split("|")}


def name_key(text: str) -> str:
    """Return the look-up key of a country's name: folded, without articles and conjunctions."""
    folded = fold(text)
    if " " not in folded:
        return folded
    return " ".join(_SMALL.sub(" ", folded.replace(" و", " ")).split())


def inner_names(key: str) -> Iterator[str]:
    """Give the names that an official name may hold: of "Republic of X", "X"."""
    # No country's name is longer, and on longer texts the forms take long.
    if len(key) > _LONGEST:
        return
    for form in _FORMS:
        if (found := form.match(key)) and found[1] not in _SHARED:
            yield found[1]


def inner_stem(key: str) -> str:
    """Return the stem of the country in a Greek official name; empty in any other text."""
    found = _FORM_EL.match(key[:_LONGEST])
    return stem(found[1]) if found else ""


def stem(key: str) -> str:
    """Return a Greek name without the endings that its cases change."""
    return _ENDING_EL.sub("", key)


def _lines() -> Iterator[tuple[str, str]]:
    for line in _TABLE.strip().split("\n"):
        code, _colon, words = line.partition(": ")
        yield code, words
