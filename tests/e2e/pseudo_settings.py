"""Settings of a web server that speaks the pseudo-language where the product speaks Greek."""

import os
from pathlib import Path

from proxeny.config.settings import *  # noqa: F403

LOCALE_PATHS = [Path(os.environ["PSEUDO_LOCALE"]), *LOCALE_PATHS]  # noqa: F405
