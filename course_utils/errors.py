"""The one exception that is written for people."""


class CourseError(Exception):
    """Something went wrong that a person can mend: one plain sentence saying what, where, and what to do."""
