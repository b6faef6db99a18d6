"""The synthetic library, Port Ellery: structure from a seeded NumPy model, cosmetics from word lists and Faker."""

from course_utils.library.model import Library

__all__ = ["Library"]
