"""What the environment may say: each variable is explained, and the secret is kept well."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured

from expense_tracker.environment import choice, kept_secret, number, private_folder, secret, switch

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / ".env.example").read_text()
COMPOSE = (ROOT / "docker-compose.yml").read_text()
SERVE = (ROOT / "expense_tracker/management/commands/serve.py").read_text()
SETTINGS = (ROOT / "expense_tracker/settings.py").read_text()
ASK = """
import sys
from pathlib import Path
from expense_tracker.environment import kept_secret
print("ready", flush=True)
sys.stdin.readline()
print(kept_secret(Path(sys.argv[1])))
"""


def explained():
    return re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE)


def asked(source):
    """The names in calls such as env("X"), env.bool("X") and os.environ.get("X")."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    words = [call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)]
    functions = [ast.unparse(call.func) for call in calls if isinstance(call.args[0], ast.Constant)]
    reads = {
        "env",
        "env.bool",
        "env.list",
        "env.int",
        "env.str",
        "env.url",
        "os.environ.get",
        "switch",
        "choice",
        "number",
        "secret",
    }
    return {word for word, function in zip(words, functions, strict=True) if function in reads}


def test_the_reading_of_settings_sees_every_kind_of_call():
    assert {"DATA_DIR", "DEBUG", "ALLOWED_HOSTS", "EMAIL_URL"} <= asked(SETTINGS)
    assert len(asked(SETTINGS)) == len(
        re.findall(r"\b(?:env(?:\.\w+)?|switch|choice|number|secret)\(\s*\"", SETTINGS)
    )


def test_every_variable_is_explained_and_every_explained_one_is_used():
    composed = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE))
    assert set(explained()) == asked(SETTINGS) | asked(SERVE) | composed


def test_each_variable_is_explained_once_after_a_comment():
    assert sorted(set(explained())) == sorted(explained())
    for name in explained():
        assert re.search(rf"^# .+\n#?{name}=", EXAMPLE, re.MULTILINE), name


def test_compose_passes_on_all_that_is_set_and_decides_about_https():
    services = yaml.safe_load(COMPOSE)["services"]
    web = services["web"]
    assert web["env_file"] == ".env"
    assert web["environment"]["HTTPS"] == "${HTTPS:-off}"
    assert web["depends_on"]["database"]["condition"] == "service_healthy"
    assert [port.split(":")[0] for port in web["ports"]] == ["127.0.0.1"]
    assert services["database"]["volumes"] == ["postgres:/var/lib/postgresql"]


def test_secret_is_made_once_for_us_only(tmp_path):
    path = tmp_path / "data" / "secret-key"
    secret = kept_secret(path)
    assert len(secret) >= 50
    assert kept_secret(path) == secret == path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["secret-key"]


def test_secrets_of_two_installations_differ(tmp_path):
    assert kept_secret(tmp_path / "a") != kept_secret(tmp_path / "b")


@pytest.mark.parametrize("processes", [6])
def test_processes_that_start_at_once_agree(tmp_path, processes):
    path = tmp_path / "secret-key"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    command = [sys.executable, "-c", ASK, path]
    started = [subprocess.Popen(command, cwd=ROOT, **pipes) for _ in range(processes)]
    assert [process.stdout.readline() for process in started] == ["ready\n"] * processes
    answers = {process.communicate("now\n", timeout=30)[0].strip() for process in started}
    assert answers == {path.read_text()}
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("text", "meant"), [("on", True), ("True", True), ("0", False), ("", False), ("OFF", False)]
)
def test_a_switch_is_on_or_off(monkeypatch, text, meant):
    monkeypatch.setenv("HTTPS", text)
    assert switch("HTTPS") is meant


def test_a_switch_that_is_neither_is_refused(monkeypatch):
    monkeypatch.setenv("HTTPS", "maybe")
    with pytest.raises(ImproperlyConfigured, match="HTTPS must be on or off, not 'maybe'"):
        switch("HTTPS")


def test_a_choice_is_one_of_those_allowed(monkeypatch):
    monkeypatch.setenv("SIGNUP", "nope")
    with pytest.raises(ImproperlyConfigured, match="SIGNUP must be one of first, open, not 'nope'"):
        choice("SIGNUP", "first", ("first", "open"))


@pytest.mark.parametrize(("text", "meant"), [("", 7), ("0", 0), ("12", 12)])
def test_a_number_is_one_or_what_stands_for_none(monkeypatch, text, meant):
    monkeypatch.setenv("PROXY_COUNT", text)
    assert number("PROXY_COUNT", 7) == meant


@pytest.mark.parametrize("text", ["-1", "1.5", "one", "١", "1 "])
def test_what_is_no_number_is_refused(monkeypatch, text):
    monkeypatch.setenv("PROXY_COUNT", text)
    with pytest.raises(ImproperlyConfigured, match="PROXY_COUNT must be a number such as 0 or 1, not "):
        number("PROXY_COUNT", 0)


GOOD = "h7Zq_0aVt3LxK9-bRw2YpJ5mNc8DfGs1EuTo6iHvXk4BzQrWyPl7A"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("django-insecure-" + GOOD, "SECRET_KEY is an example that everybody knows"),
        ("please-ChangeMe-" * 9, "SECRET_KEY is an example that everybody knows"),
        ("x1y2z" * 9, "SECRET_KEY must have 50 characters or more, not 45"),
        ("abcd" * 20, "SECRET_KEY must have 5 different characters or more"),
    ],
)
def test_a_secret_that_can_be_guessed_is_refused_with_the_way_to_make_a_good_one(monkeypatch, text, why):
    monkeypatch.setenv("SECRET_KEY", text)
    with pytest.raises(ImproperlyConfigured) as refusal:
        secret("SECRET_KEY", strong=True)
    assert str(refusal.value).startswith(why + ". Leave it out")
    assert "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'" in str(refusal.value)
    assert text not in str(refusal.value)
    assert secret("SECRET_KEY", strong=False) == text


@pytest.mark.parametrize("text", ["", GOOD, "x1y2z" * 10])
def test_a_good_secret_is_taken(monkeypatch, text):
    monkeypatch.setenv("SECRET_KEY", text)
    assert secret("SECRET_KEY", strong=True) == text


def test_a_private_folder_is_entered_by_nobody_else(tmp_path):
    assert private_folder(tmp_path / "data" / "mail").stat().st_mode & 0o777 == 0o700
    tmp_path.chmod(0o755)
    assert private_folder(tmp_path).stat().st_mode & 0o777 == 0o700


def python(*arguments, **environment):
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "expense_tracker.settings",
        **environment,
    }
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def manage(*arguments, **environment):
    return python("manage.py", *arguments, **environment)


def test_a_wrong_setting_is_said_in_one_line(tmp_path):
    answer = manage("check", DATA_DIR=str(tmp_path), TIME_ZONE="Mars/X")
    assert answer.returncode == 1
    assert (
        answer.stderr
        == "The settings are not right: TIME_ZONE must be a name such as Europe/Berlin, not 'Mars/X'.\n"
    )


def test_what_the_address_of_the_database_asks_for_is_kept(tmp_path):
    url = "postgres://u:p@h/x?sslmode=verify-full&connect_timeout=3"
    show = (
        "from django.conf import settings; options = settings.DATABASES['default']['OPTIONS'];"
        " print(options['sslmode'], options['connect_timeout'], 'pool' in options)"
    )
    answer = python("-c", show, DATA_DIR=str(tmp_path), DATABASE_URL=url)
    assert answer.stdout == "verify-full 3 True\n"


def settings_with(tmp_path, *names, **environment):
    """What the settings of these names are in such an environment."""
    show = f"import json; from django.conf import settings; print(json.dumps([getattr(settings, n) for n in {names}]))"
    answer = python("-c", show, DATA_DIR=str(tmp_path), **environment)
    return json.loads(answer.stdout)


def test_cookies_over_https_are_for_this_host_alone(tmp_path):
    names = [
        f"{which}_COOKIE_{what}" for which in ("SESSION", "CSRF") for what in ("NAME", "SECURE", "HTTPONLY")
    ]
    plain, guarded = (settings_with(tmp_path, *names, HTTPS=https) for https in ("off", "on"))
    assert plain == ["sessionid", False, True, "csrftoken", False, True]
    assert guarded == ["__Host-sessionid", True, True, "__Host-csrftoken", True, True]


@pytest.mark.parametrize(
    ("environment", "count"), [({}, 0), ({"HTTPS": "on"}, 1), ({"HTTPS": "on", "PROXY_COUNT": "2"}, 2)]
)
def test_as_many_proxies_are_believed_as_there_are(tmp_path, environment, count):
    assert settings_with(tmp_path, "ALLAUTH_TRUSTED_PROXY_COUNT", **environment) == [count]


@pytest.mark.parametrize("https", [True, False])
def test_pages_over_https_ask_for_nothing_over_http(tmp_path, https):
    (policy,) = settings_with(tmp_path, "CONTENT_SECURITY_POLICY", HTTPS="on" if https else "off")
    assert policy["DIRECTIVES"]["upgrade-insecure-requests"] is https


def test_a_weak_secret_stops_the_start_but_for_development(tmp_path):
    answer = manage("check", DATA_DIR=str(tmp_path), SECRET_KEY="weak")
    assert answer.returncode == 1
    assert answer.stderr.startswith("The settings are not right: SECRET_KEY must have 50 characters or more")
    assert manage("check", DATA_DIR=str(tmp_path), SECRET_KEY="weak", DEBUG="on").returncode == 0


def test_django_finds_nothing_to_warn_of_before_going_live(tmp_path):
    answer = manage("check", "--deploy", "--fail-level", "WARNING", DATA_DIR=str(tmp_path), HTTPS="on")
    assert (answer.returncode, answer.stdout) == (0, "System check identified no issues (0 silenced).\n")
