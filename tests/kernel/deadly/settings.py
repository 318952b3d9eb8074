"""The product's settings, and the application beside."""

from proxeny.config.settings import *  # noqa: F403
from proxeny.config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.kernel.deadly.apps.DeadlyConfig"]
