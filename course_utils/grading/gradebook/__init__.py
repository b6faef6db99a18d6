"""nbgrader's gradebook, and what it says: marks, lateness, and the one session for a whole class."""
