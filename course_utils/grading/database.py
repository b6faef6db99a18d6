"""The gradebook's database: the one place that opens it, and what to say where it cannot be opened, read or written."""

import functools
import os
from pathlib import Path

import nbgrader
from nbgrader.api import Base, Gradebook, InvalidEntry
from sqlalchemy import create_engine, exc, inspect, text

from course_utils.errors import Stopped
from course_utils.grading.folder_names import file_of
from course_utils.grading.plain_log import in_plain_words

_SIGNS = {
    "file is not a database": "The file of the gradebook is not a gradebook: put your own back from a copy, or move that file to "
    "another place to begin with an empty one.",
    "disk image is malformed": "The gradebook is damaged: put the last copy of it back, and run the command again.",
    "readonly database": "The gradebook cannot be written where it is: look whose the file and its folder are, then run the "
    "command again.",
    "unable to open database file": "The gradebook cannot be opened where it is: look whether its folder is there, and whether "
    "you may write into it.",
    "no such column": "The gradebook lacks what this nbgrader looks for in it, so it is damaged or another program's: put the "
    "last copy of it back.",
}
_SIGNS["no such table"] = _SIGNS["no such column"]


def open_gradebook(coursedir) -> Gradebook:
    """The gradebook of a course, open: to be used in a ``with`` statement. It is made where there is none yet.

    Raises
    ------
    Stopped
        If it cannot be opened, or is not one that this nbgrader made: nothing was written into it.
    """
    try:
        check_gradebook(coursedir)
        return Gradebook(coursedir.db_url, coursedir.course_id)
    except (ImportError, exc.SQLAlchemyError, InvalidEntry) as problem:
        if (sentence := in_a_sentence(problem)) is None:
            raise
        raise Stopped(sentence) from None


def check_gradebook(coursedir) -> None:
    """Look whether a course's gradebook, if there is one, can be opened and is this nbgrader's. Nothing is made of it.

    Raises
    ------
    Stopped
        If not.
    """
    try:
        path = file_of(coursedir.db_url)
        if path is not None:
            if not os.path.lexists(path):
                return
            if said := _about_the_file(path):
                raise Stopped(said)
        engine = create_engine(coursedir.db_url)
        try:
            with engine.connect() as connection:
                tables = set(inspect(connection).get_table_names())
                version = (
                    connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
                    if "alembic_version" in tables
                    else None
                )
        finally:
            engine.dispose()
    except (ImportError, exc.SQLAlchemyError) as problem:
        if (sentence := in_a_sentence(problem)) is None:
            raise
        raise Stopped(sentence) from None
    name = path.name if path is not None else "which COURSE_GRADEBOOK names"
    if version is None and tables - {"alembic_version"} - set(Base.metadata.tables):
        raise Stopped(
            f"The database {name} is not a gradebook, and nothing was written into it: move it to another place, or put your own "
            "gradebook back from a copy."
        )
    if version not in (None, _versions()[-1]):
        if version in _versions():
            raise Stopped(
                f"The gradebook ({name}) was made by an older nbgrader: bring it up to date with nbgrader db upgrade, which "
                "keeps a copy, and run the command again."
            )
        raise Stopped(
            f"The gradebook ({name}) was made by a newer nbgrader than the {nbgrader.__version__} that is installed here: use "
            "the one that made it, or put a copy from before back."
        )


def _about_the_file(path: Path) -> str:
    """What is wrong with a file, as far as can be seen from outside; nothing if it may be a database."""
    if path.is_dir():
        return (
            f"The gradebook {path} is a folder, where a file should be: move it to another place, or put your gradebook back "
            "from a copy."
        )
    if path.exists() and not path.is_file():
        return f"The gradebook {path} is no file: move it to another place, or put your gradebook back from a copy."
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return f"The system does not let you read and change the gradebook {path}: ask whose it is, or who keeps this computer."
    return ""


@functools.cache
def _versions() -> list[str]:
    """The forms that the database of a gradebook has had, the last of which is this nbgrader's."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(Path(nbgrader.__file__).parent / "alembic"))
    return [script.revision for script in scripts.walk_revisions()][::-1]


def in_a_sentence(problem: Exception) -> str | None:
    """What is wrong with the gradebook or its database; None where that is not what an exception is about."""
    if isinstance(problem, ImportError) and _is_of_a_database(problem):
        driver = problem.name or "what it needs"
        if driver == "psycopg2":
            return "COURSE_GRADEBOOK must begin with postgresql+psycopg://, which the kit speaks: mend that, and run it again."
        return (
            f"The gradebook that COURSE_GRADEBOOK names needs {driver}, which is not installed here: "
            "python -m pip install --require-hashes -r requirements-cluster.lock, then run it again."
        )
    if isinstance(problem, exc.NoSuchModuleError) or (
        isinstance(problem, exc.ArgumentError) and "SQLAlchemy URL" in str(problem)
    ):
        return (
            "COURSE_GRADEBOOK does not name a database, as postgresql+psycopg://user@host/grades does: mend it, or take "
            "it away for a gradebook in a file."
        )
    if isinstance(problem, InvalidEntry):
        # nbgrader's word for a statement that failed while it opened the gradebook.
        said = str(problem)
    elif isinstance(problem, exc.DBAPIError) and not isinstance(problem, exc.IntegrityError):
        said = str(problem.orig)
    else:
        return None
    sentence, is_known = in_plain_words(said, "")
    if is_known:
        return sentence
    told = next((told for sign, told in _SIGNS.items() if sign in said), None)
    first = (said.strip().splitlines() or ["no reason was given"])[0]
    return (
        told
        or f"The gradebook cannot be used ({first}): look at gradebook.db, or at what COURSE_GRADEBOOK names."
    )


def _is_of_a_database(problem: ImportError) -> bool:
    """Was it SQLAlchemy that looked for a module, to speak to a database?"""
    trace = problem.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__", "").startswith("sqlalchemy.dialects."):
            return True
        trace = trace.tb_next
    return False
