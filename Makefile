# Two commands for everybody: make lab, make test. The others are for those who change the kit.
#   make lab LAB=--instructor                    with Formgrader, Create Assignment and the texts of the lessons
#   make lab LAB="--no-browser --port 8890"      options for JupyterLab
#   make test TEST="tests/test_cli.py"           a part of the tests, or options for pytest
#   make test WITHOUT="browser"                  without what this machine cannot have; the summary says so
#   PYTHON=python3.12                            which Python to make .venv with
.PHONY: lab check test test-all exhaustive hooks lock sync data proofs fair fuzz lint recovery benchmark benchmark-grading benchmark-widgets hostile pages elsewhere mutants
export PYTHON
COURSE = .venv/bin/course
READY = sh bootstrap.sh requirements-test.lock
# On two cores, each file of tests on one of them; tests/conftest.py says which go together, and which come first.
TWO = --numprocesses 2 --dist loadfile --no-loadscope-reorder
# What make check runs: what holds without grading anything.
UNIT = tests/checks tests/transfer tests/methods tests/test_architecture.py tests/test_messages.py tests/test_privates.py tests/test_tables.py tests/test_cli.py

lab:
	@sh bootstrap.sh requirements.lock
	@$(COURSE) lab $(LAB)

test:
	@$(READY)
	@sh .ci/install-browser "$(WITHOUT)"
	@sh .ci/install-postgresql "$(WITHOUT)"
	@.venv/bin/python -m pytest --without="$(WITHOUT)" $(or $(TEST),$(TWO))

# What a change needs before a commit, in two minutes; of the proofs, those of the weeks that it concerns, in one library.
check:
	@$(READY)
	@.venv/bin/ruff check --quiet . && .venv/bin/ruff format --quiet --check .
	@$(COURSE) sync --check && $(COURSE) contents --check && $(COURSE) lint
	@weeks=$$(.venv/bin/python tests/proofs/changed.py) && .venv/bin/python -m pytest --quiet $(TWO) $(UNIT) \
	    && { [ -z "$$weeks" ] || .venv/bin/python -m pytest --quiet $(TWO) tests/proofs/test_proofs.py -k "($$weeks) and not nbgrader"; }

hooks:
	@$(READY)
	@.venv/bin/pre-commit install

lock sync data proofs:
	@$(READY)
	@$(COURSE) $@

# The whole suite, and then what is exhaustive.
test-all: test exhaustive

# What make test has a few of: every mutant, eight libraries, the whole hostile corpus, PostgreSQL, bare installs; and the fuzz.
exhaustive:
	@$(READY)
	@.venv/bin/python -m pytest --without="$(WITHOUT)" $(TWO) -m exhaustive
	@$(MAKE) fuzz

# The proofs, and what every question needs, in the libraries of 300 students; and how often a wrong answer passes, in 40.
fair:
	@$(READY)
	@PYTHONPATH=tests .venv/bin/python -m proofs.fair $(ASSIGNMENT)
	@COURSE_FAIR_STUDENTS=300 .venv/bin/python -m pytest --exhaustive -k "anybodys_library or many_libraries" tests/proofs tests/library

# Thousands of hand-ins that no program of a course makes: COURSE_FUZZ_SEED=4000 begins with others.
#   make fuzz CASES=20000
fuzz:
	@$(READY)
	@COURSE_FUZZ=$(or $(CASES),4000) .venv/bin/python -m pytest --exhaustive --numprocesses 2 tests/grading/submissions/test_fuzz.py

# What the tests notice of small mistakes in the reference solutions.
#   make mutants ASSIGNMENT=04_core_customers    one assignment only
mutants:
	@$(READY)
	@PYTHONPATH=tests .venv/bin/python -m proofs.mutation $(ASSIGNMENT)

# What textbook analyses find in a hundred libraries, beside the truth: docs/recovery.md.
recovery:
	@$(READY)
	@.venv/bin/python tests/recovery/report.py

# How fast the library is, up to a million patrons: docs/benchmarks.md.
benchmark:
	@$(READY)
	@.venv/bin/python tests/benchmarks/bench_library.py --write

# How fast grading is, beside stock nbgrader: docs/benchmarks_grading.md. As root, on a machine with nothing else to do.
benchmark-grading:
	@$(READY)
	@.venv/bin/python tests/benchmarks/bench_grading.py --write

# How quick the widgets are: docs/benchmarks_widgets.md.
benchmark-widgets:
	@$(READY)
	@.venv/bin/python tests/benchmarks/bench_widgets.py --write

# Hostile and unlucky submissions through the whole pipeline, beside stock nbgrader: docs/hostile.md.
#   make hostile CASES="H06 X01"    some of them; STOCK=1 measures stock nbgrader again; WRITE=1 writes the page
hostile:
	@$(READY)
	@.venv/bin/python tests/hostile/run.py $(if $(STOCK),--stock) $(if $(WRITE),--write) $(CASES)

# The pages and pictures about the data: docs/calibration.md, docs/port_ellery.md.
pages:
	@$(READY)
	@.venv/bin/python tests/library/report.py

# The same bytes from another Python: make elsewhere OTHER=python3.13
OTHER ?= python3.13
elsewhere:
	@$(READY)
	@.venv/bin/uv venv --quiet --clear --python $(OTHER) .venv-test/elsewhere
	@.venv/bin/uv pip install --quiet --python .venv-test/elsewhere --require-hashes -r requirements.lock
	@COURSE_OTHER_PYTHON=$(CURDIR)/.venv-test/elsewhere/bin/python .venv/bin/python -m pytest tests/library/test_same_bytes.py

lint:
	@$(READY)
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && $(COURSE) lint
