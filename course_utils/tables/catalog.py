"""All tables by name, in the order of the data dictionary."""

import difflib

from course_utils.errors import CourseError
from course_utils.tables import (
    cohorts,
    community,
    demand,
    desk,
    embedded,
    export,
    journeys,
    outreach,
    reach,
    staff,
    use,
    voices,
)
from course_utils.tables.schema import Table

TOPICS = {
    "The town and the people on file": community,
    "Use of the library": use,
    "Wishes and searches": demand,
    "Embedded work": embedded,
    "At the desk": desk,
    "Outreach": outreach,
    "The raw export": export,
    "The first 90 days": journeys,
    "Voices": voices,
    "What staff think": staff,
    "Year by year": cohorts,
    "Whom the library reaches": reach,
}
SCHEMAS: dict[str, Table] = {table.name: table for topic in TOPICS.values() for table in topic.TABLES}


class UnknownTable(CourseError, AttributeError):
    """There is no table of that name. Also an AttributeError, so that ``library.patorns`` behaves as usual."""


def schema(name: str) -> Table:
    """The schema of the table ``name``; an unknown name raises a CourseError with the nearest one."""
    if isinstance(name, str) and name in SCHEMAS:
        return SCHEMAS[name]
    near = difflib.get_close_matches(str(name).strip().lower(), SCHEMAS, n=1, cutoff=0.5)
    hint = f"did you mean “{near[0]}”?" if near else "the tables are " + ", ".join(SCHEMAS) + "."
    raise UnknownTable(f"There is no table “{name}”: {hint}")
