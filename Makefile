# Thin on purpose: the README shows the plain commands beneath each of these.
#
#   make run      serve on http://127.0.0.1:8000; PORT=8001, DATA_DIR=folder and DEMO=1 change that
#   make test     every check and every test
#   make torture  the tests that break things, at length; docs/reliability.md has their figures
#   make bench    how fast it is, with ledgers of 20,000 and of SIZE=200000 expenses; LOAD=1: many people at once
#   make format   put the code into shape

PYTHON = python3
IN_VENV = .venv/bin/python
PIP = $(IN_VENV) -m pip install --quiet --disable-pip-version-check
ASSETS = $(wildcard assets/*.py assets/*.toml assets/*.json assets/src/* assets/expense_assets/*.py)

# Tests see none of what a real installation is told, and never its data.
REAL = ALLOWED_HOSTS CSRF_TRUSTED_ORIGINS DEBUG DEFAULT_FROM_EMAIL EMAIL_URL HTTPS LANGUAGE_CODE PASSWORD PORT \
	PROXY_COUNT SECRET_KEY SIGNUP TIME_ZONE
TEST_DATA_DIR = .test-data
# Each worker, and each server that a test starts, would compile all of this again if none of it were kept.
TESTING = env $(REAL:%=-u %) -u PYTHONDONTWRITEBYTECODE DATA_DIR="$(TEST_DATA_DIR)"
SECRET = import secrets; print(secrets.token_urlsafe(50))
LINT_IMPORTS = from importlinter.cli import lint_imports_command; lint_imports_command()

.PHONY: run test torture bench format

run: .venv/.installed
	@$(IN_VENV) manage.py serve $(if $(filter-out 0 no off false,$(DEMO)),--demo)

test: .venv/.installed-for-tests
	$(IN_VENV) -m ruff format --check .
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -c '$(LINT_IMPORTS)'
	$(TESTING) $(IN_VENV) manage.py makemigrations --check --dry-run
	$(TESTING) HTTPS=on SECRET_KEY="$$($(IN_VENV) -c '$(SECRET)')" \
		$(IN_VENV) manage.py check --deploy --fail-level WARNING
	$(TESTING) $(IN_VENV) -m pytest -n 2 --dist worksteal

torture: .venv/.installed-for-tests
	$(TESTING) TORTURE=1 $(IN_VENV) -m pytest -m torture -n 2 --dist worksteal -rP --show-capture=stdout --durations=20

SIZE ?= 200000
bench: .venv/.installed
	$(IN_VENV) -m $(if $(filter-out 0 no off false,$(LOAD)),benchmarks.load,benchmarks --sizes 20000 $(SIZE))

format: .venv/.installed-for-tests
	$(IN_VENV) -m ruff format .
	$(IN_VENV) -m ruff check --fix .

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed. If it has another name: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv || { \
		rm -rf .venv; echo "Python's venv is needed; on Debian: apt-get install python3-venv" >&2; exit 1; }

.venv/.installed: requirements.txt $(ASSETS) | .venv/bin/python
	@echo "Installing what requirements.txt names into .venv ..."
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.installed-for-tests: requirements.txt requirements-dev.txt $(ASSETS) | .venv/bin/python
	@echo "Installing what requirements-dev.txt names into .venv ..."
	@$(PIP) -r requirements-dev.txt
	@touch .venv/.installed $@
