"""Goes into the environment's etc/jupyter: nbgrader finds the course wherever JupyterLab, or nbgrader itself, is started.

That is for `jupyter lab`, Anaconda's Navigator, and Binder; `course lab` tells JupyterLab itself.
"""

from pathlib import Path

from course_utils.errors import CourseError
from course_utils.grading.execution.prewarm import CONFIG, course_folder
from course_utils.lab import make_folders

c = get_config()  # given by nbgrader

try:
    folder = course_folder()
except CourseError:  # the kit's folder is gone
    folder = None
# Anyone who stands in a course of another kind works on that one, with settings of its own or without.
signs = (CONFIG, "gradebook.db", "source", "submitted")
is_course = any(Path(sign).exists() for sign in signs)
if folder is not None and (not is_course or Path.cwd() == folder / "assignments"):
    make_folders(folder)
    load_subconfig(CONFIG, path=str(folder / "assignments"))
