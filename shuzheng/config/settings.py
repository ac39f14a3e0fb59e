"""Django settings; what an operator may change is in `configuration.Options`."""

from shuzheng.config.configuration import (
    build_dir,
    configuration_of,
    database_settings,
    read_options,
    var_dir,
)

VAR = var_dir()
OPTIONS = read_options(VAR)
SHUZHENG = configuration_of(OPTIONS, VAR)

_secret = VAR / "keys" / "django"
SECRET_KEY = _secret.read_text("ascii") if _secret.exists() else "made-by-shuzheng-setup-before-anything-is-served"
DEBUG = OPTIONS.debug
ALLOWED_HOSTS = [host.strip() for host in OPTIONS.allowed_hosts.split(",")]
ROOT_URLCONF = "shuzheng.config.urls"
WSGI_APPLICATION = "shuzheng.config.wsgi.application"
AUTH_USER_MODEL = "directory.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "shuzheng.base.jobs",
    "shuzheng.base.files",
    "shuzheng.base.ledger",
    "shuzheng.base.directory",
    "shuzheng.base.access",
    "shuzheng.base.notices",
    "shuzheng.engines.cases",
    "shuzheng.engines.credentials",
    "shuzheng.engines.lake",
    "shuzheng.engines.rules",
    "shuzheng.services.rulebook",
    "shuzheng.services.items",
    "shuzheng.services.feedback",
    "shuzheng.services.benefits",
    "shuzheng.packs",
    "shuzheng.portals.shell",
    "shuzheng.portals.resident",
    "shuzheng.portals.officer",
    "shuzheng.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shuzheng.portals.shell.middleware.SessionMiddleware",
    "shuzheng.portals.shell.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shuzheng.portals.shell.middleware.ActorMiddleware",
    "shuzheng.portals.shell.middleware.PolicyMiddleware",
    "shuzheng.portals.shell.middleware.ErrorMiddleware",
]

# Explicit loaders and both built-ins: the two packages' auto-configuration makes cotton tags vanish silently.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "shuzheng.portals.shell.templatetags.wording",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "shuzheng.portals.shell.context.frame",
            ],
        },
    }
]

DATABASES = {"default": database_settings(OPTIONS.database_url, VAR)}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = OPTIONS.zone

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [build_dir("static_build")] if build_dir("static_build").exists() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = True


SESSION_ENGINE = "shuzheng.base.directory.backends.sessions"
SESSION_COOKIE_AGE = OPTIONS.session_minutes * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SHUZHENG.public_url.startswith("https://")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "shuzheng.portals.shell.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
LOGIN_URL = "/sign-in/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000  # a decision table of a thousand rows is one form
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "shuzheng.config.logs.MaskingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "shuzheng.config.logs.QuietHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}},
}
