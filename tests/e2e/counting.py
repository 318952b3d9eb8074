"""Clicks that the main jobs cost, counted by the browsers themselves."""

import sys
from dataclasses import dataclass

from playwright.sync_api import Browser

from tests.e2e.conftest import Product
from tests.e2e.two_sides import Cluster, Side, sit_down

#: A click, a tap or Enter on what submits or opens something, and on a box that is ticked. Choosing
#: one of several options (a radio button, a select) and typing are not counted.
_COUNT = """
document.addEventListener("click", (event) => {
  const met = event.target.closest(
    "a[href], button, summary, input[type=checkbox], input[type=file], input[type=submit]"
  );
  if (!event.isTrusted || !met) { return; }
  const told = (met.innerText || met.name || met.type).trim().replace(/\\s+/g, " ").slice(0, 60);
  const known = JSON.parse(sessionStorage.getItem("clicks") || "[]");
  sessionStorage.setItem("clicks", JSON.stringify([...known, told]));
}, true);
"""


@dataclass
class Counter:
    """The clicks of the people who do a job together, each at a browser of their own."""

    sides: list[Side]

    def sit_down(self, browser: Browser, product: Product, cluster: Cluster) -> Side:
        """Open a browser for another of them; signing in is not counted."""
        side = sit_down(browser, product, cluster)
        side.page.context.add_init_script(_COUNT)
        self.sides.append(side)
        return side

    def clicks(self) -> list[str]:
        """Return what was clicked, person by person."""
        return [one for side in self.sides for one in _clicks_of(side)]

    def hold(self, job: str, most: int) -> None:
        """Expect a job to have cost no more clicks than so many."""
        made = self.clicks()
        told = f"{job}: {len(made)} clicks ({' · '.join(made)})"
        sys.stdout.write(f"{told}\n")
        assert len(made) <= most, told


def _clicks_of(side: Side) -> list[str]:
    found: list[str] = side.page.evaluate("JSON.parse(sessionStorage.getItem('clicks') || '[]')")
    return found
