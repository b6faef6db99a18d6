"""A sandbox whose warm Python dies at the worst moment."""

import os
import signal

from course_utils.grading.sandbox.launcher import SandboxFactory


class DiesOnce(SandboxFactory):
    """The first warm Python is killed when it was seen alive, and before it makes a process for a submission."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.first = self._fork_server.pid

    def new(self):
        if self._fork_server.pid == self.first:
            os.kill(self.first, signal.SIGKILL)
        return super().new()
