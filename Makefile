# Two commands for everybody: make lab, make test. The others are for those who change the kit.
#   make lab LAB="--no-browser --port 8890"      options for JupyterLab
#   make test TEST="tests/test_cli.py"           a part of the tests, or options for pytest
#   make test WITHOUT="browser"                  without what this machine cannot have; the summary says so
#   PYTHON=python3.12                            which Python to make .venv with
.PHONY: lab test hooks lock sync data proofs lint
export PYTHON
COURSE = .venv/bin/course

lab:
	@sh bootstrap.sh requirements.lock
	@$(COURSE) lab $(LAB)

test:
	@sh bootstrap.sh requirements-test.lock
	@sh .ci/install-browser "$(WITHOUT)"
	@.venv/bin/python -m pytest --without="$(WITHOUT)" $(TEST)

hooks:
	@sh bootstrap.sh requirements-test.lock
	@.venv/bin/pre-commit install

lock:
	@sh bootstrap.sh requirements-test.lock
	@$(COURSE) lock

sync:
	@$(COURSE) sync

data:
	@$(COURSE) data

proofs:
	@$(COURSE) proofs

lint:
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && $(COURSE) lint
