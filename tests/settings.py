"""Settings of the tests: the product's own, over a throw-away database server."""

import os
import tempfile
from pathlib import Path

if "PROXENY_HOME" not in os.environ or not os.environ.get("PROXENY_TEST_KEEP"):
    os.environ["PROXENY_HOME"] = tempfile.mkdtemp(prefix="proxeny-test-")
    # The same each time, so that a kept database opens to it (`tests.template`).
    (Path(os.environ["PROXENY_HOME"]) / "database-secret").write_text("of-the-tests-alone")

from proxeny.config.settings import *  # noqa: F403

# The product's hasher is slow on purpose; tests sign in thousands of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
# On a busy machine a test's request may take its time; those of the limit itself say another.
REQUEST_SECONDS = 600
# Whitenoise warns when the folder of collected files is missing.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
