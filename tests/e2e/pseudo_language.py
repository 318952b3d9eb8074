"""A pseudo-language: each text of the catalogue in brackets, accented and longer.

It takes the place of Greek, so that what comes from Django and CLDR is in Greek letters. What a page
then shows in plain Latin letters was never put up for translation.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings

from tests.e2e.conftest import ROOT, Product, environment_of, free_port

CODE = "el"
_ACCENTED = str.maketrans("aceinouyACEINOUY", "áçéíñóúýÁÇÉÍÑÓÚÝ")
#: What stays as it is: names that are filled in, and markup.
_KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>|&\w+;)")
#: Words that make a text longer.
_MORE = "öñé mörè wörd ánd yét óthèr öñés tó fíll thé líñé"
_LONGER = 0.4


def in_pseudo(text: str) -> str:
    """Return a text in brackets, accented and 40% longer; what is filled in and markup stay."""
    parts = _KEPT.split(text)
    parts[::2] = [part.translate(_ACCENTED) for part in parts[::2]]
    length = sum(map(len, parts[::2]))
    more = (_MORE * (1 + length // 20))[: round(length * _LONGER)].strip()
    # A word becomes a longer word, a sentence gets more words.
    gap = " " if " " in text.strip() else ""
    more = more if gap else more.replace(" ", "")
    return f"⟦{''.join(parts)}{gap}{more}⟧"


def write_catalogue(folder: Path) -> None:
    """Write the compiled catalogue of the pseudo-language, where Django looks for Greek."""
    source = Path(settings.LOCALE_PATHS[0]) / CODE / "LC_MESSAGES" / "django.po"
    with source.open("rb") as file:
        known = read_po(file, locale=CODE)
    made = Catalog(locale=CODE)
    for message in known:
        if not message.id:
            continue
        forms = message.id if isinstance(message.id, tuple) else (message.id,)
        words = tuple(map(in_pseudo, forms))
        string = words if len(words) > 1 else words[0]
        made.add(message.id, string, context=message.context)
    target = folder / CODE / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as compiled:
        write_mo(compiled, made)


@contextmanager
def speaking(product: Product, folder: Path) -> Iterator[str]:
    """Run a web server beside a product, over the same data, in the pseudo-language; give its address."""
    write_catalogue(folder / "locale")
    port = free_port()
    environment = environment_of(
        product.home,
        PORT=str(port),
        DJANGO_SETTINGS_MODULE="tests.e2e.pseudo_settings",
        PSEUDO_LOCALE=str(folder / "locale"),
        PYTHONPATH=os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    )
    command = [str(Path(sys.executable).with_name("proxeny")), "web"]
    log = folder / "output.log"
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, process, log)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url + "/health/ready", timeout=10):
                return
        except URLError:
            time.sleep(0.2)
    raise AssertionError(f"It did not start:\n{log.read_text()}")
