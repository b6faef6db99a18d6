"""Run a submission as its student would: with the student's own library."""

import os

from nbgrader.preprocessors import Execute


class ExecuteAsStudent(Execute):
    """nbgrader's Execute, in a kernel that knows whose work it runs.

    The name goes to the kernel alone, so that nothing of one student is left over for the next.
    """

    def setup_kernel(self, **kwargs):
        environment = {**os.environ, "COURSE_STUDENT": self.resources["nbgrader"]["student"]}
        return super().setup_kernel(env=environment, **kwargs)
