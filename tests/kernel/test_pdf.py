"""Documents as PDF, read back by another program."""

import io

import pytest
from django.template import TemplateSyntaxError, engines
from django.utils.translation import gettext as _
from pypdf import PdfReader

from proxeny.kernel import pdf
from proxeny.kernel.pdf import answer_pdf, write_pdf


@pytest.fixture
def body(monkeypatch):
    """Lay out what a test gives as the template of the body."""

    def give(text: str):
        template = engines["django"].from_string(text)
        whole = pdf.render_to_string
        monkeypatch.setattr(
            pdf,
            "render_to_string",
            lambda name, context: (
                template.render(context) if name == "body" else whole(name, context)
            ),
        )

    return give


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content), strict=True)


def test_it_is_tagged_has_its_title_and_a_language_and_all_our_scripts(body):
    body("<h1>{{ title }}</h1><p>Ελληνικά, français, العربية</p>")
    found = read(write_pdf("body", {"title": "A year"}, title="Report", languages=["fr"]))
    assert found.metadata is not None
    assert found.metadata.title == "Report"
    root = found.root_object
    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    text = found.pages[0].extract_text()
    assert "A year" in text
    assert "Ελληνικά, français" in text
    # All that is drawn is drawn with fonts that travel in the file.
    fonts = found.pages[0]["/Resources"]["/Font"]
    assert len(fonts) >= 3
    for font in fonts.values():
        inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile2" in inner or "/FontFile3" in inner
        assert "PX-" in str(font.get_object()["/BaseFont"])


def test_each_language_begins_on_a_page_of_its_own_and_asks_anew(body):
    body("<p>{{ told }}</p>")
    found = read(
        write_pdf("body", {"told": lambda: _("Language")}, title="Both", languages=["fr", "el"])
    )
    assert [one.extract_text().split() for one in found.pages] == [
        ["Langue", "1", "/", "2"],
        ["Γλώσσα", "2", "/", "2"],
    ]


def test_what_people_wrote_is_text_and_nothing_is_fetched(body):
    body("<p>{{ evil }}</p>")
    evil = '<img src="https://example.org/x.png"><script>alert(1)</script>'
    found = read(write_pdf("body", {"evil": evil}, title=evil, languages=["en"]))
    assert "<script>alert(1)</script>" in found.pages[0].extract_text()


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/x.png",
        "file:///etc/passwd",
        "https://static.invalid/../../etc/passwd",
        "https://static.invalid.example.org/css/pdf.css",
    ],
)
def test_a_file_from_elsewhere_is_refused(body, address, caplog):
    body(f'<p>Before</p><img src="{address}" alt=""><p>After</p>')
    found = read(write_pdf("body", {}, title="Evil", languages=["en"]))
    assert "not one of our own files" in caplog.text
    assert list(found.pages[0].images) == []
    assert found.pages[0].extract_text().split()[:2] == ["Before", "After"]


@pytest.mark.parametrize("styles", [("insight/none.css",), ("../settings.css",)])
def test_a_stylesheet_that_is_missing_is_an_error(body, styles):
    body("<p>Unstyled</p>")
    with pytest.raises(FileNotFoundError, match=styles[0].removeprefix("../")):
        write_pdf("body", {}, title="Unstyled", languages=["en"], styles=styles)


def test_a_mistake_in_a_template_is_no_half_a_file(body):
    with pytest.raises(TemplateSyntaxError):
        body("{% nothing %}")


def test_the_download_has_a_name():
    answer = answer_pdf("report-2026", b"%PDF-1.7")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="report-2026.pdf"'
