# Two commands for everybody: make lab, make test. The others are for those who change the kit.
#   make lab LAB="--no-browser --port 8890"      options for JupyterLab
#   make test TEST="tests/test_cli.py"           a part of the tests, or options for pytest
#   make test WITHOUT="browser"                  without what this machine cannot have; the summary says so
#   PYTHON=python3.12                            which Python to make .venv with
.PHONY: lab test hooks lock sync data proofs fair lint
export PYTHON
COURSE = .venv/bin/course
READY = sh bootstrap.sh requirements-test.lock

lab:
	@sh bootstrap.sh requirements.lock
	@$(COURSE) lab $(LAB)

test:
	@$(READY)
	@sh .ci/install-browser "$(WITHOUT)"
	@.venv/bin/python -m pytest --without="$(WITHOUT)" $(TEST)

hooks:
	@$(READY)
	@.venv/bin/pre-commit install

lock sync data proofs:
	@$(READY)
	@$(COURSE) $@

# The proofs in the libraries of 300 students.
fair:
	@$(READY)
	@COURSE_FAIR_STUDENTS=300 .venv/bin/python -m pytest -k anybodys_library tests/proofs

lint:
	@$(READY)
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && $(COURSE) lint
