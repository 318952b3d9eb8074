"""Files: credentials in pictures and out of them, and files that are none."""

import io
import json
import struct
import zlib

import pytest
import resvg_py
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from tests.engine.credentials.world import World, signed_award

from proxeny.engine.credentials import Unreadable, bake_png, bake_svg, read_credential

GOOD = signed_award()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
ODD = {"a": "]]>", "b": "<&>\u2028\x00\x1fé😀\ufffe", "c": ["]]", "]]>]]>"], "d": {"e": None}}


def _png(info=None, size=(40, 30)):
    stream = io.BytesIO()
    Image.effect_noise(size, 50).save(stream, "PNG", pnginfo=info)
    return stream.getvalue()


def _with_text(text, *, compressed=False, twice=False):
    info = PngImagePlugin.PngInfo()
    for _ in range(1 + twice):
        info.add_itxt("openbadgecredential", text, zip=compressed)
    return _png(info)


def _code(data):
    with pytest.raises(Unreadable) as caught:
        read_credential(data)
    return caught.value.code


@pytest.mark.parametrize("document", [GOOD, ODD])
def test_png_there_and_back(document):
    plain = _png()
    baked = bake_png(plain, document)
    assert read_credential(baked) == document
    image = Image.open(io.BytesIO(baked))
    assert image.tobytes() == Image.open(io.BytesIO(plain)).tobytes()
    assert json.loads(image.text["openbadgecredential"]) == document


def test_png_in_place_of_another():
    again = bake_png(bake_png(_png(), ODD), GOOD)
    assert read_credential(again) == GOOD
    assert again.count(b"openbadgecredential") == 1
    old = PngImagePlugin.PngInfo()
    old.add_text("openbadgecredential", "yesterday")
    old.add_text("Comment", "stays")
    baked = bake_png(_png(old), GOOD)
    assert read_credential(baked) == GOOD
    assert b"stays" in baked
    assert b"yesterday" not in baked


def test_png_compressed_by_others_is_read():
    assert read_credential(_with_text(json.dumps(GOOD), compressed=True)) == GOOD


@pytest.mark.parametrize("document", [GOOD, ODD])
@pytest.mark.parametrize(
    "image",
    [
        SVG,
        (
            b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- > -->'
            b'<s:svg xmlns:s="http://www.w3.org/2000/svg" width="9" height="9" id="a>b" />'
        ),
        b'\xef\xbb\xbf<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" data-a=\'">\'>'
        + "<title>é</title></svg>".encode(),
    ],
    ids=["plain", "prefix", "mark"],
)
def test_svg_there_and_back(image, document):
    baked = bake_svg(image, document)
    assert read_credential(baked) == document
    assert read_credential(bake_svg(baked, GOOD)) == GOOD
    assert bake_svg(baked, GOOD).count(b"<openbadges:credential") == 1
    assert resvg_py.svg_to_bytes(svg_string=baked.decode("utf-8-sig"))


def test_baked_awards_are_valid():
    for baked in (bake_png(_png(), GOOD), bake_svg(SVG, GOOD)):
        assert World().verify(read_credential(baked)).state == "valid"


def test_svg_written_by_others_is_read():
    element = (
        b'<ob:credential xmlns:ob="https://purl.imsglobal.org/ob/v3p0">\n  {"a": "&lt;"}\n'
        b"</ob:credential>"
    )
    image = SVG.replace(b"<rect", element + b"<rect")
    assert read_credential(image) == {"a": "<"}
    assert _code(image.replace(b"<rect", element + b"<rect")) == "two_credentials"
    assert _code(image.replace(b"v3p0", b"v2p0")) == "no_credential"
    assert _code(image.replace(b'p0">', b'p0" verify="eyJ">')) == "token"
    assert _code(image.replace(b'{"a"', b'<b/>{"a"')) == "damaged"


LAUGHS = (
    b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>' + SVG
)
DEEP = b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 5000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "unknown_form"),
        (b"hello", "unknown_form"),
        (b"\x00" * 50, "unknown_form"),
        (b"GIF89a", "unknown_form"),
        (b"%PDF-1.7", "unknown_form"),
        (b"<html></html>", "unknown_form"),
        (b"<svg/>", "unknown_form"),
        (b"eyJhbGciOiJFZERTQSJ9.e30.AA", "token"),
        (b" " * (8 * 1024 * 1024 + 1), "too_large"),
        (b'{"a": "' + b"a" * 1_100_000 + b'"}', "too_large"),
        (b"[]", "not_an_object"),
        (b"{", "not_json"),
        (b'{"a": 1} x', "not_json"),
        (b'{"a": 1, "a": 1}', "duplicate_key"),
        (b'{"b": {"a": 1, "\\u0061": 2}}', "duplicate_key"),
        (b'{"a": NaN}', "not_a_number"),
        (b'{"a": -Infinity}', "not_a_number"),
        (b'{"a": 1e999}', "not_a_number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not_json"),
        (b'{"a": "\xff"}', "not_utf8"),
        (b'{"a": "\\ud800"}', "not_utf8"),
        (b'{"\\udc00": 1}', "not_utf8"),
        (b'{"a": "\xed\xa0\x80"}', "not_utf8"),
        (b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}", "too_deep"),
        (b'{"a": ' + b"[" * 400_000, "too_deep"),
        (b'{"a": [' + b"1," * 20_000 + b"1]}", "too_many"),
        (SVG, "no_credential"),
        (_png(), "no_credential"),
        (LAUGHS, "dtd"),
        (b'<!DOCTYPE svg SYSTEM "file:///etc/passwd">' + SVG, "dtd"),
        (SVG[:-3], "damaged"),
        (SVG + SVG, "damaged"),
        (DEEP, "too_deep"),
        (SVG.decode().encode("utf-16"), "unknown_form"),
        (b'<?xml version="1.0" encoding="iso-8859-1"?>' + SVG, "encoding"),
        (_png()[:60], "damaged"),
        (_png()[:-12], "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (_with_text("{}", twice=True), "two_credentials"),
        (_with_text("not json"), "not_json"),
        (_with_text("a" * 60_000_000, compressed=True), "too_large"),
    ],
)
def test_files_that_are_none_say_why(data, code):
    assert _code(data) == code


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 10_000), st.sampled_from(["png", "svg", "json"]))
def test_no_bytes_break_the_reader(noise, at, kind):
    files = {
        "png": bake_png(_png(), GOOD),
        "svg": bake_svg(SVG, GOOD),
        "json": json.dumps(GOOD).encode(),
    }
    whole = files[kind]
    place = at % len(whole)
    for data in (noise, whole[:place] + noise + whole[place + len(noise) :]):
        try:
            document = read_credential(data)
        except Unreadable:
            continue
        assert (World().verify(document).state == "valid") == (document == GOOD)


def test_a_damaged_chunk_is_seen():
    baked = bytearray(bake_png(_png(), GOOD))
    baked[100] ^= 1
    assert _code(bytes(baked)) == "damaged"


def test_broken_text_chunks_are_seen():
    for body in (
        b"\2\0\0\0{}",
        b"\0\0",
        b"\1\1\0\0{}",
        b"\1\0\0\0{}",
        b"\1\0\0\0" + zlib.compress(b"{}")[:-1],
    ):
        kind, data = b"iTXt", b"openbadgecredential\0" + body
        crc = struct.pack(">I", zlib.crc32(kind + data))
        chunk = struct.pack(">I", len(data)) + kind + data + crc
        plain = _png()
        assert _code(plain[:33] + chunk + plain[33:]) == "damaged"


@pytest.mark.parametrize("bake", [bake_png, bake_svg])
def test_other_pictures_are_not_written_into(bake):
    for image in (
        b"",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n" + bytes(30),
        b" " * (8 * 1024 * 1024 + 1),
        LAUGHS,
    ):
        with pytest.raises(Unreadable):
            bake(image, GOOD)
