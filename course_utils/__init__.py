"""Everything that the notebooks and the graders of the course import."""

__version__ = "0.1.0"
