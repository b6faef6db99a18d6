"""The exceptions that are written for people."""


class CourseError(Exception):
    """Something went wrong that a person can mend: one plain sentence saying what, where, and what to do."""


class Stopped(CourseError):
    """Something is wrong that concerns everybody, and not one person's work alone."""
