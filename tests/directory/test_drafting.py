"""What the checker says of a text, in four languages and three scripts."""

import json

import pytest

from proxeny.directory.drafting import Draft, Identity, check_draft
from proxeny.directory.drafting.identity import find_phone
from tests.conftest import DATA

ROLE = "The partner tries the sensors in two of its halls for six months."
TEXT = (
    "We offer sensors that tell a museum how warm and damp its halls are, for old buildings without"
    " cables. Half a year on one battery."
)
GREEK = Identity(("Ανεμόσκαλα Δημιουργική ΑΕ", "Παλιό Μελτέμι"), people=("Ιωάννα Δοκιμή",))
FRENCH = Identity(
    ("Lumière d'Essai SAS",),
    "https://www.smartcrop.example/fr",
    "contact@lumiere-essai.example",
    ("Hélène Exemple",),
)
ARABIC = Identity(("مختبر النورس",), people=("سلمى تجربة",))
ENGLISH = Identity(
    ("Bramble Works Ltd", "Kestrel"), "https://brambleworks.example", "", ("Ann Sample",)
)


NOBODY = Identity()


def codes(draft: Draft, who: Identity = NOBODY) -> set[str]:
    return {flag.code for flag in check_draft(draft, who)}


def offer(text: str = TEXT, **values) -> Draft:
    given = {"title": "Sensors for museum halls", "partner_role": ROLE} | values
    return Draft("offer", summary=text, **given)


def test_a_good_text_is_left_alone():
    assert check_draft(offer()) == []


@pytest.mark.parametrize(
    ("who", "text"),
    [
        (ENGLISH, "At Bramble Works we build them."),
        (ENGLISH, "At BrambleWorks we build them."),
        (ENGLISH, "Bramble Works' sensors"),
        (ENGLISH, "Sensors once called Kestrel"),
        (ENGLISH, "See brambleworks.example for more"),
        (ENGLISH, "Ask Ann Sample"),
        (ENGLISH, "Ask for Sample, Ann"),
        (FRENCH, "Chez LUMIERE D'ESSAI, nous mesurons"),
        (FRENCH, "Lumière d’Essai mesure"),
        (FRENCH, "avec SmartCrop, tout est mesuré"),
        (FRENCH, "www.smartcrop.example"),
        (FRENCH, "Mme Exemple vous répond"),
        (GREEK, "Οι αισθητήρες της Ανεμόσκαλας Δημιουργικής"),
        (GREEK, "ΑΝΕΜΟΣΚΑΛΑ ΔΗΜΙΟΥΡΓΙΚΗ"),
        (GREEK, "Πρώην Παλιό Μελτέμι"),
        (GREEK, "Ρωτήστε την Ιωάννα Δοκιμή"),
        (ARABIC, "نحن في مختبر النورس نقيس"),
        (ARABIC, "أجهزة قياس لمختبر النورس"),
        (ARABIC, "اسألوا سلمى تجربة"),
        (ARABIC, "مُخْتَبَر النَّوْرَس"),
        (Identity(), "Write to someone@else.example"),
        (Identity(), "Call +30 210 123 4567 any day"),
        (Identity(), "اتصل على ٠٢١٠١٢٣٤٥٦٧"),
    ],
)
def test_what_tells_who_it_is_is_found_in_an_anonymous_text(who, text):
    found = check_draft(offer(f"{TEXT} {text}", is_anonymous=True), who)
    assert {(flag.code, flag.part) for flag in found} >= {("identity", "summary")}
    named = check_draft(offer(f"{TEXT} {text}"), who)
    assert "identity" not in {flag.code for flag in named}


@pytest.mark.parametrize(
    "part", ["title", "description", "partner_role", "technologies", "markets"]
)
def test_it_is_found_wherever_it_stands(part):
    value = ("Kestrel sensing",) if part in {"technologies", "markets"} else f"{ROLE} Kestrel."
    (flag,) = [
        one
        for one in check_draft(offer(**{part: value}, is_anonymous=True), ENGLISH)
        if one.code == "identity"
    ]
    assert (flag.part, "Kestrel" in flag.sentence) == (part, True)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Energy Ltd", "It saves energy in each hall."),
        ("Sensor", "the sensors and the sensory"),
        ("Lumen", "the volumen of light"),
        ("Art", "A start of something"),
        ("Νερό ΑΕ", "Μετράμε το νερό και το νερόβραστο"),
        ("نور", "المنورة"),
    ],
)
def test_a_word_that_only_looks_like_the_name_is_none(name, text):
    assert "identity" not in codes(offer(f"{TEXT} {text}", is_anonymous=True), Identity((name,)))


@pytest.mark.parametrize("text", ["1 200 000 euros by 2027", "ISO 14001 and 0.5 mm", "2026-03-17"])
def test_figures_are_no_telephone_numbers(text):
    assert find_phone(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "The best sensors, unbeatable! Buy now, only €49 each!",
        "Le meilleur capteur, imbattable. Profitez de notre offre spéciale !",
        "Ο καλύτερος αισθητήρας, ασυναγώνιστη τιμή. Παραγγείλτε σήμερα!",
        "أفضل جهاز، لا مثيل له. اطلب الآن واتصل بنا!",
    ],
)
def test_an_advert_is_told(text):
    (flag,) = [one for one in check_draft(offer(f"{text} {TEXT}")) if one.code == "advert"]
    assert flag.part == "summary"
    # From right to left, two quoted words would change places otherwise.
    assert "“\u2068" in flag.sentence
    assert flag.sentence.count("“\u2068") == flag.sentence.count("\u2069”")


def test_one_proud_word_makes_no_advert():
    assert codes(offer(f"{TEXT} It was an award-winning project.")) == set()
    assert "advert" not in codes(
        offer(
            "We offer tests in the most advanced clean room of the region"
            " to whoever builds small sensors.",
            partner_role="",
        )
    )


@pytest.mark.parametrize(
    ("direction", "text"),
    [
        ("offer", "We look for a machine that cleans lenses without water, for old telescopes."),
        ("offer", "Nous recherchons une machine qui nettoie des lentilles sans eau."),
        ("offer", "Αναζητούμε μηχανή που καθαρίζει φακούς χωρίς νερό."),
        ("offer", "نبحث عن آلة لتنظيف العدسات دون ماء."),
        ("need", "We offer a machine that cleans lenses without water."),
        ("need", "Nous proposons une machine qui nettoie des lentilles sans eau."),
        ("need", "Προσφέρουμε μηχανή που καθαρίζει φακούς χωρίς νερό."),
        ("need", "نقدم آلة لتنظيف العدسات دون ماء."),
    ],
)
def test_an_offer_that_seeks_and_a_need_that_gives_are_told(direction, text):
    assert "direction" in codes(Draft(direction, "Clean lenses without water", text))
    other = "need" if direction == "offer" else "offer"
    assert "direction" not in codes(Draft(other, "Clean lenses without water", text))


@pytest.mark.parametrize(
    "text",
    [
        "Sensors for halls. We are looking for partners who sell them.",
        "Des capteurs. Nous recherchons un distributeur.",
        "Αισθητήρες. Αναζητούμε συνεργάτες.",
        "أجهزة قياس. نبحث عن شركاء.",
    ],
)
def test_an_offer_may_look_for_partners(text):
    assert "direction" not in codes(Draft("offer", "Sensors for halls", text))


def test_other_hints():
    assert codes(offer(title="SENSORS FOR MUSEUM HALLS")) == {"capitals"}
    assert codes(offer(description="For the EU, UNESCO and ICOM in TRL 5")) == set()
    assert codes(offer(TEXT, title=TEXT[:-1])) == {"repeated"}
    assert codes(offer(description="See https://else.example/a")) == {"links"}
    assert codes(offer(description="to the end.It is")) == set()
    assert codes(offer("For halls.", title="Sensors")) == {"short"}
    assert codes(offer(partner_role="Any.")) == {"role"}


def test_ten_thousand_letters_are_read_quickly():
    draft = Draft("offer", "a" * 256, "- " * 250, "A B " * 1000, "0 1 " * 1000, is_anonymous=True)
    assert "role" not in codes(draft, FRENCH)


@pytest.mark.skipif(not DATA.exists(), reason="the shared data folder is not there")
def test_real_calls_raise_few_false_alarms():
    lines = (DATA / "eu_calls_2026" / "calls_clean.jsonl").read_text(encoding="utf-8").splitlines()
    found: dict[str, int] = {}
    for line in lines:
        call = json.loads(line)
        text = call["description"]
        draft = Draft("need", call["title"][:256], text[:500], text[500:4500], ROLE)
        for code in codes(draft):
            found[code] = found.get(code, 0) + 1
    share = {code: count / len(lines) for code, count in found.items()}
    assert share.get("direction", 0) < 0.005
    assert share.get("advert", 0) < 0.01
    assert share.get("capitals", 0) < 0.05
