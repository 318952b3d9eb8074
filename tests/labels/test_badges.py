"""The badge: what is drawn, with the credential in it, and that it says when an award is over."""

import time
from xml.etree import ElementTree

import pytest
from django.test import Client

from proxeny.engine.credentials import read_credential
from proxeny.labels.badge_font import make_font, pack_font, widths_of
from proxeny.labels.badge_picture import Picture, draw_png, draw_svg, tone_of
from proxeny.labels.models import Award
from tests.labels.awarding import awarded
from tests.labels.test_verify import ask, bring, revoke
from tests.stages import staged

pytestmark = pytest.mark.django_db
MOST = 200_000
SVG = "{http://www.w3.org/2000/svg}"


@staged
def award(world) -> Award:
    return awarded(world)[0]


def drawn(**more: object) -> Picture:
    values = {
        "name": "Atlas",
        "clusters": ("North", "South"),
        "year": "2026",
        "language": "en",
        "told": "Label Atlas: Nets",
    }
    return Picture(**values | more)


def parse(svg: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314  # of our own making


def texts(svg: bytes) -> list[str]:
    return [one.text or "" for one in parse(svg).iter(f"{SVG}text")]


def badge(award: Award, form: str):
    answer = Client().get(f"/awards/{award.code}/badge.{form}")
    assert answer.status_code == 200
    return answer


def test_it_tells_label_level_year_and_both_clusters_as_text(award):
    svg = badge(award, "svg").content
    assert texts(svg) == [
        f"{award.valid_from:%Y}",
        "Gold",
        "Atlas",
        "Greek cluster",
        "French cluster",
    ]
    assert award.holder in parse(svg).find(f"{SVG}title").text


@pytest.mark.parametrize("form", ["svg", "png"])
def test_the_credential_is_in_it_and_can_be_checked(award, form):
    answer = badge(award, form)
    assert answer["Content-Type"] == {"svg": "image/svg+xml", "png": "image/png"}[form]
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert len(answer.content) < MOST
    assert read_credential(answer.content) == award.credential
    assert "This award is genuine" in bring(Client(), answer.content)
    assert ask(Client(), answer.content)["state"] == "valid"


def test_across_a_revoked_one_it_says_so(world, award):
    before = badge(award, "svg")
    revoke(world, award)
    after = badge(award, "svg")
    assert texts(after.content)[-1] == "No longer valid"
    assert "No longer valid" not in texts(before.content)
    assert before["ETag"] != after["ETag"]
    assert badge(award, "png").content != before.content


def test_a_copy_that_is_still_good_is_not_sent_again(award):
    first = badge(award, "png")
    again = Client().get(
        f"/awards/{award.code}/badge.png", headers={"If-None-Match": first["ETag"]}
    )
    assert again.status_code == 304
    assert again["Cache-Control"] == first["Cache-Control"]


def test_nothing_of_a_page_runs_in_it(award):
    policy = badge(award, "svg")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_levels_have_their_tone_by_their_order():
    assert [tone_of(one, ["l1", "l2", "l3"]) for one in ("l1", "l2", "l3")] == [
        "bronze",
        "silver",
        "gold",
    ]
    assert tone_of("l1", ["l1"]) == "gold"
    assert tone_of("l1", ["l1", "l2", "l3", "l4"]) == "bronze"
    assert tone_of("", ["l1"]) == "plain"


@pytest.mark.parametrize(
    ("name", "clusters", "language"),
    [
        (
            "Label de l’innovation euro-méditerranéenne pour une mer propre et vivante " * 3,
            ("Pôle Mer & Partenaires <de la région>", "Κέντρο Γαλάζιας Ανάπτυξης"),
            "fr",
        ),
        ("علامة الابتكار المتوسطي", ("تجمع الرباط للطاقة", "Pôle Mer"), "ar"),
        (
            "Donaudampfschifffahrtsgesellschaftskapitänsauszeichnung",
            ("A", "B", "C", "D" * 200),
            "en",
        ),
        ("日本", ("", "\x07\ud7ff"), "en"),
    ],
)
def test_any_name_is_drawn_and_stays_within(name, clusters, language):
    picture = drawn(name=name, clusters=clusters, language=language, level="Gold", tone="gold")
    svg, png = draw_svg(picture), draw_png(picture)
    parse(svg)
    assert png.startswith(b"\x89PNG")
    assert len(svg) < MOST
    assert len(png) < MOST
    for one in parse(svg).iter(f"{SVG}text"):
        widths = widths_of(
            make_font(frozenset("".join(texts(svg)) + "… ·"), int(one.get("font-weight")))
        )
        assert (
            sum(widths.get(each, 0.6) for each in one.text or "") * float(one.get("font-size"))
            <= 562
        )


def test_arabic_runs_from_right_to_left():
    svg = draw_svg(drawn(name="علامة", language="ar"))
    [name] = [one for one in parse(svg).iter(f"{SVG}text") if one.text == "علامة"]
    assert name.get("direction") == "rtl"


def test_the_same_letters_give_the_same_bytes():
    letters = frozenset("Atlas αβγ")
    first = pack_font(make_font(letters, 400))
    time.sleep(1.1)  # Fonts tell the second in which they were made.
    make_font.cache_clear()
    pack_font.cache_clear()
    assert pack_font(make_font(letters, 400)) == first
