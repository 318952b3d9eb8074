"""Django settings. Everything that differs between installations comes from `environment`."""

from email.utils import parseaddr
from importlib.metadata import entry_points
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from proxeny.config.environment import find_home, keep_secret, read_environment
from proxeny.config.postgres import app_settings, connection_settings, find_place
from proxeny.config.providers import find_providers, provider_settings
from proxeny.kernel.database_urls import read_database_url

ENV = read_environment()
HOME = find_home(ENV["PROXENY_HOME"])
METRICS_TOKEN = ENV["PROXENY_METRICS_TOKEN"]
#: Whether this site may hold the demo world; the tour is then offered to its people.
DEMO = ENV["PROXENY_DEMO"]
BASE_URL = (ENV["PROXENY_BASE_URL"] or f"http://{ENV['HOST']}:{ENV['PORT']}").rstrip("/")

DEBUG = ENV["PROXENY_DEBUG"]
SECRET_KEY = ENV["PROXENY_SECRET_KEY"] or keep_secret(HOME / "secret-key")
ALLOWED_HOSTS = ENV["PROXENY_ALLOWED_HOSTS"]
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https://") else []

INSTALLED_APPS = [
    "proxeny.accounts.console",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "django_htmx",
    "procrastinate.contrib.django",
    "proxeny.kernel",
    "proxeny.accounts",
    "proxeny.accounts.oidc",
    "proxeny.notices",
    "proxeny.directory",
    "proxeny.partnerships",
    "proxeny.meetings",
    "proxeny.events",
    "proxeny.ambassadors",
    "proxeny.assessments",
    "proxeny.calls",
    "proxeny.research",
    "proxeny.bids",
    "proxeny.labels",
    "proxeny.alliances",
    "proxeny.webhooks",
    "proxeny.insight",
    "proxeny.web",
]

#: Django applications of other packages, by the entry points of the group `proxeny.plugins`.
PLUG_INS = sorted({one.value for one in entry_points(group="proxeny.plugins")})
INSTALLED_APPS += PLUG_INS

MIDDLEWARE = [
    "proxeny.kernel.logs.RequestLog",
    "proxeny.web.probes.ProbesFirst",
    "proxeny.kernel.time_limits.TimeLimitMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "proxeny.kernel.api.middleware.ProblemsMiddleware",
    "proxeny.kernel.middleware.KeepableTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Every page needs a sign-in unless it says `@login_not_required`.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "proxeny.web.badge.CountMiddleware",
    "proxeny.accounts.request_limits.LimitsMiddleware",
    "proxeny.accounts.middleware.ReaderMiddleware",
    "proxeny.notices.middleware.OpenedMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "proxeny.config.urls"
WSGI_APPLICATION = "proxeny.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).resolve().parents[1] / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "proxeny.web.context.shell",
            ],
        },
    },
]


def _database() -> dict[str, object]:
    common = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "proxeny",
            "connect_timeout": 10,
            # For the queries of `prepared_cursor`; Django's own are never prepared.
            "prepare_threshold": 2,
        },
    }
    if not ENV["DATABASE_URL"]:
        return common | connection_settings(find_place(HOME))
    return common | read_database_url(ENV["DATABASE_URL"])


def _serving_database() -> dict[str, str]:
    url = ENV["PROXENY_RUN_DATABASE_URL"] or ENV["DATABASE_URL"]
    return read_database_url(url) if url else app_settings(find_place(HOME))


DATABASES = {"default": _database()}
#: How the web server and the worker sign in; in such a process the default is the same.
SERVING_DATABASE = _serving_database()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Rate limits must hold across processes and hosts, so the cache lies in the database.
CACHES = {
    "default": {
        "BACKEND": "proxeny.kernel.json_cache.JsonDatabaseCache",
        "LOCATION": "kernel_cache",
        # Beyond this number, entries closest to expiry are dropped; a stranger causing many must
        # not be able to push out the counts of failed attempts.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["proxeny.accounts.backend.AddressBackend"]
# The first keeps; those after it are read, and kept by the first at the next sign-in.
PASSWORD_HASHERS = [
    "proxeny.accounts.hashers.Argon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "proxeny.accounts.passwords.GuessableValidator"},
    {"NAME": "proxeny.accounts.passwords.BreachedValidator"},
]
#: Path of a file of breached passwords' SHA-1 sums, in order; empty: none.
BREACHED_PASSWORDS = ENV["PROXENY_BREACHED_PASSWORDS"]
ACCOUNT_FORMS = {
    key: f"proxeny.accounts.sign_in_forms.{name}"
    for key, name in {
        "login": "SignInForm",
        "reauthenticate": "PasswordAgainForm",
        "change_password": "ChangePasswordForm",
        "set_password": "SetPasswordForm",
        "reset_password": "ResetForm",
        "reset_password_from_key": "NewPasswordForm",
        "add_email": "AddressForm",
    }.items()
}
# Bound to the address, the password and the last sign-in; allauth's own asks the database more
# for a known address than for an unknown one.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_ADAPTER = "proxeny.accounts.adapter.InvitationOnlyAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_RATE_LIMITS = {
    # A venue or an office shares one address: many people sign in from it within a minute.
    "login": "120/m/ip",
    # Failed attempts are counted in `accounts.limits`, so that one person can't lock another out;
    # mails to one address there too, without telling.
    "login_failed": "60/m/ip",
    "reset_password": "20/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = ENV["PROXENY_TRUSTED_PROXIES"]
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if ENV["PROXENY_SECURE"] else "http"
SOCIALACCOUNT_ADAPTER = "proxeny.accounts.oidc.adapter.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = provider_settings(find_providers(ENV))
# The adapter decides which account a provider's answer opens, and remembers it by the provider's
# own number for the person.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "proxeny.accounts.sign_in_forms.CodeForm",
    "reauthenticate": "proxeny.accounts.sign_in_forms.CodeAgainForm",
    "activate_totp": "proxeny.accounts.sign_in_forms.FirstCodeForm",
    "add_webauthn": "proxeny.accounts.sign_in_forms.AddKeyForm",
}
MFA_TOTP_ISSUER = "Proxeny"
MFA_ADAPTER = "proxeny.accounts.sealing.SealingAdapter"
# Browsers allow passkeys on plain HTTP for localhost only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENV["PROXENY_SECURE"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("fr", _("French")),
    ("el", _("Greek")),
    ("ar", _("Arabic")),
]
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]
FORM_RENDERER = "proxeny.web.forms.FormRenderer"
FORMAT_MODULE_PATH = "proxeny.config.formats"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# The worker and the command line render mails without collected files.
WHITENOISE_MANIFEST_STRICT = False
# A list of 20,000 members is a few megabytes; more is refused while it streams in.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_ENGINE = "proxeny.accounts.session_store"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# Scripts take the token from the page.
CSRF_COOKIE_HTTPONLY = True
if ENV["PROXENY_SECURE"]:
    SECURE_SSL_REDIRECT = True
    # A program that speaks plain HTTP shall be told, not led on with its token in the open.
    SECURE_REDIRECT_EXEMPT = [r"^api/"]
    # Browsers take these names only over HTTPS and for this very host.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def _mailer() -> dict[str, object]:
    url = ENV["PROXENY_EMAIL_URL"]
    if not url:
        return {
            "BACKEND": "proxeny.kernel.mail_files.EmailBackend",
            "OPTIONS": {"file_path": str(HOME / "mail")},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"}:
        raise ValueError("PROXENY_EMAIL_URL must start with smtp:// or smtps://")
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname or "localhost",
            "port": parts.port or (465 if parts.scheme == "smtps" else 25),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": parts.scheme == "smtps",
            "use_tls": parts.scheme == "smtp" and bool(parts.username),
            "timeout": 20,
        },
    }


MAILERS = {"default": _mailer()}
DEFAULT_FROM_EMAIL = ENV["PROXENY_EMAIL_FROM"]
#: Where answers to invitations go, where they come in, and whose word about senders counts there.
REPLY_ADDRESS = ENV["PROXENY_REPLY_ADDRESS"] or parseaddr(DEFAULT_FROM_EMAIL)[1]
INBOX_URL = ENV["PROXENY_INBOX_URL"]
INBOX_JUDGE = ENV["PROXENY_INBOX_JUDGE"]
#: The controller of people's data, named in the privacy notice.
OPERATOR = {"name": ENV["PROXENY_OPERATOR"], "email": ENV["PROXENY_OPERATOR_EMAIL"]}

#: Dotted path of the model of meaning for `directory.operations.meaning`; empty: none.
MATCHING_MODEL = ENV["PROXENY_MATCHING_MODEL"]

# Never on a served site: any manager could then reach what listens on the host itself.
WEBHOOKS_TO_LOOPBACK = ENV["PROXENY_WEBHOOKS_TO_LOOPBACK"] and not ENV["PROXENY_SECURE"]

#: Addresses of statistical offices that stand in for their own, by code.
STATISTICS_AT = {
    code: address
    for code, address in ENV["PROXENY_STATISTICS_AT"].items()
    if address.startswith("https://") or not ENV["PROXENY_SECURE"]
}

#: The bucket in which files of data packages lie, as `S3Store` takes it; empty: a folder.
PACKAGES = ENV["PROXENY_PACKAGES"] and {
    **ENV["PROXENY_PACKAGES"],
    "access_key": ENV["AWS_ACCESS_KEY_ID"],
    "secret_key": ENV["AWS_SECRET_ACCESS_KEY"],
}
#: Maximum bytes of research data in one partnership.
PACKAGES_ROOM_BYTES = ENV["PROXENY_PACKAGES_GIB"] << 30
KEY_STORE = ENV["PROXENY_KEY_STORE"]
#: Where clamd listens (a socket's path, or host and port), or None; and whether a file is taken
#: while nobody answers there.
SCANNER = ENV["PROXENY_SCANNER"]
SCANNER_MAY_BE_AWAY = ENV["PROXENY_SCANNER_AWAY"] == "accept"

#: Seconds that a request may take.
REQUEST_SECONDS = ENV["PROXENY_REQUEST_SECONDS"]

#: Modules that read other people's files, loaded before the first one comes (`kernel.sandbox`).
READ_APART = [
    "proxeny.kernel.files.checking",
    "proxeny.kernel.freebusy",
    "proxeny.kernel.inbox.messages",
    "proxeny.kernel.personal_data.looking",
    "proxeny.directory.sources.sandboxed",
    "proxeny.calls.sources.reading",
    "proxeny.assessments.statistics.csv",
    "proxeny.engine.credentials",
    "proxeny.research.sandboxed",
]

# A worker is given up for dead after 15 s; its jobs are then taken back (kernel.jobs.reap).
PROCRASTINATE_WORKER_DEFAULTS = {
    "update_heartbeat_interval": 3.0,
    "stalled_worker_timeout": 15.0,
    "fetch_job_polling_interval": 2.0,
}
PROCRASTINATE_ON_APP_READY = "proxeny.kernel.jobs.register"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"discreet": {"()": "proxeny.kernel.logs.Discreet"}},
    "formatters": {
        "json": {"()": "proxeny.kernel.logs.JsonLines"},
        "text": {"()": "proxeny.kernel.logs.TextLines"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": ENV["PROXENY_LOG_FORMAT"],
            "filters": ["discreet"],
        }
    },
    "root": {"handlers": ["stderr"], "level": ENV["PROXENY_LOG_LEVEL"]},
    "loggers": {
        # Django's own handlers would write, or mail, what ours leave out.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "procrastinate": {"level": "WARNING"},
        # It names the addresses that webhooks go to.
        "urllib3": {"level": "ERROR"},
        # The steps of page layout are not worth logging.
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "proxeny": {"level": ENV["PROXENY_LOG_LEVEL"]},
    },
}
