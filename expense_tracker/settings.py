"""Settings, all of them from the environment. `.env.example` names and explains every variable."""

from pathlib import Path
from zoneinfo import available_timezones

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from expense_tracker import logs
from expense_tracker.environment import LOOPBACK, choice, kept_secret, number, private_folder, secret, switch

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "data"))).absolute()

DEBUG = switch("DEBUG")
SECRET_KEY = secret("SECRET_KEY", strong=not DEBUG) or kept_secret(DATA_DIR / "secret-key")
HTTPS = switch("HTTPS")
PROXY_COUNT = number("PROXY_COUNT", 1 if HTTPS else 0)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=list(LOOPBACK))
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SIGNUP = choice("SIGNUP", "first", ("first", "open", "closed"))

INSTALLED_APPS = [
    "expense_tracker.apps.ExpenseTrackerConfig",
    "statements",
    "history",
    "analytics",
    "expenses",
    "api",
    "ledgers",
    "users",
    "database",
    "expense_tracker.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "expense_assets",
    "heroicons",
    "knox",
    "pghistory",
    "pgtrigger",
    "rest_framework",
]

MIDDLEWARE = [
    "expense_tracker.middleware.AccessLogMiddleware",
    # What every answer carries, static files and refusals of the layers below included.
    "expense_tracker.middleware.IsolationMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "expense_tracker.middleware.NoStoreMiddleware",
    "users.middleware.DenialLogMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "expense_tracker.middleware.BoundedMiddleware",  # before anything looks for the token in a form
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "users.middleware.SessionAgeMiddleware",
    "users.middleware.ActorMiddleware",
    "users.middleware.PreferencesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "api.authentication.TokenMiddleware",
    "expense_tracker.middleware.FormsOnlyMiddleware",
]

ROOT_URLCONF = "expense_tracker.urls"
WSGI_APPLICATION = "expense_tracker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "expense_tracker.templatetags.icons",
            ],
        },
    },
]

# Without DATABASE_URL the PostgreSQL that comes as a wheel is started under DATA_DIR when first needed.
DATABASE_URL = env("DATABASE_URL", default="")
WEB_DATABASE_URL = env("WEB_DATABASE_URL", default="")
EMBEDDED_POSTGRES = None if DATABASE_URL else DATA_DIR / "postgres"
_database = env.db_url_config(DATABASE_URL) if DATABASE_URL else {"NAME": "expenses"}
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "database.postgresql",
        "WEB": env.db_url_config(WEB_DATABASE_URL) if WEB_DATABASE_URL else {},
        "ATOMIC_REQUESTS": True,
        # A pool excludes persistent connections. Our backend checks each one it takes from there.
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {
            **_database.get("OPTIONS", {}),
            "pool": {"min_size": 1, "max_size": 8, "timeout": 10, "reconnect_timeout": 5},
        },
    }
}
# Reports read totals that triggers keep; "off" adds up the rows each time, to the same figures.
ROLLUPS = switch("ROLLUPS", default="on")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Sign-in limits are counted here, so the counters have to be shared by all workers, and many made-up names
    # must not push the counter of a real one out.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
}

AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "users.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "expense_tracker.signup.SignupDetailsForm"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {"login": "users.forms.LoginForm"}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# A password is guessed at 5 times in 5 minutes, whichever form asks for it.
ACCOUNT_RATE_LIMITS = {"change_password": "5/5m/user", "reauthenticate": "10/5m/user"}
# Guesses are counted per address: behind a proxy that is the one the proxy names, else everybody has the proxy's.
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT

# A message of this level is no sentence, but the address where what the one before it tells can be undone.
UNDO = 26
MESSAGE_TAGS = {UNDO: "undo"}

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Expense tracker"
MFA_FORMS = {
    "authenticate_webauthn": "users.passkeys.AuthenticateWebAuthnForm",
    "login_webauthn": "users.passkeys.LoginWebAuthnForm",
    "reauthenticate_webauthn": "users.passkeys.ReauthenticateWebAuthnForm",
    "add_webauthn": "users.passkeys.AddWebAuthnForm",
}
# Nobody has to prove an address here, so an unproved one keeps nobody from a second factor.
MFA_ALLOW_UNVERIFIED_EMAIL = True
USERSESSIONS_ADAPTER = "users.adapter.UserSessionsAdapter"

SESSION_ENGINE = "users.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600  # seconds since the session was last written
SESSION_MAX_AGE = 60 * 24 * 3600  # seconds since sign-in, however busy the session is
# A browser takes a cookie with this prefix only over https and from this very host, not from a neighbour.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_HTTPONLY = True

LANGUAGES = [("en", "English"), ("en-gb", "English (UK)"), ("de", "Deutsch")]
LANGUAGE_CODE = choice("LANGUAGE_CODE", "en", [code for code, _name in LANGUAGES])
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = choice("TIME_ZONE", "UTC", available_timezones(), such_as="Europe/Berlin")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "expense_tracker.static.StaticStorage"},
}

EMAIL_URL = env("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
else:
    # Nothing to send with: a password-reset letter waits in this folder for whoever runs the server.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = private_folder(DATA_DIR / "mail")
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Expense tracker <noreply@localhost>")

CSRF_FAILURE_VIEW = "users.resend.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "upgrade-insecure-requests": HTTPS,
    }
}

# A day of 1,000 rows has 13 fields a row; 1,000 ticked rows of the admin fit as well.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 15_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "api.permissions.TokenMayWrite",
    ],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "api.renderers.BrowsableAPIRenderer",
    ],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["api.filters.FilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.AutoSchema",
    "EXCEPTION_HANDLER": "api.errors.exception_handler",
    "DATE_INPUT_FORMATS": ["iso-8601"],
    "COERCE_DECIMAL_TO_STRING": True,
    "LIST_SERIALIZER_ERRORS_AS_DICT": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
KNOX_TOKEN_MODEL = "api.Token"  # noqa: S105
REST_KNOX = {"TOKEN_TTL": None, "AUTO_REFRESH": False}
SPECTACULAR_SETTINGS = {
    "TITLE": "Expense tracker",
    "DESCRIPTION": _(
        "Expenses, categories and analytics of your ledgers. Amounts are strings, dates are ISO 8601."
    ),
    "VERSION": "1.5.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.document_refusals",
    ],
    "ENUM_NAME_OVERRIDES": {
        "LineState": "statements.models.StatementLine.State",
        "LinePlan": "statements.models.StatementLine.Plan",
        "LineDecision": "statements.serializers.BY_HAND",
        "StatementState": "statements.models.Statement.State",
    },
}

LOGGING = logs.CONFIG
