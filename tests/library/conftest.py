"""The libraries on which most tests look: built once, and asked by every module in turn."""

import pytest

from course_utils.library import Library


@pytest.fixture(scope="session", params=["port ellery", "ada", 0], ids=str)
def library(request) -> Library:
    """Port Ellery, a student's library, and one that has only a number."""
    if request.param == "port ellery":
        return Library.port_ellery()
    return Library(0) if request.param == 0 else Library.for_student(request.param)
