"""The class's nbgrader settings, read by `nbgrader` in this folder, and by JupyterLab when `course lab` starts it.

Every part that is not nbgrader's own is named here by its path, and lives in course_utils/grading/nbgrader_plugins/.
"""

import os
import shutil
import sys
import warnings
from pathlib import Path

from course_utils.grading.folder_names import gradebook_url, take_literally
from course_utils.grading.privacy import private_gradebooks
from course_utils.grading.time_zones import zone_name

c = get_config()  # given by nbgrader

assignments = Path(__file__).resolve().parent
kit = assignments.parent

# nbgrader calls `alembic` by name when it makes a gradebook: it must be found in an environment that is not active.
if shutil.which("alembic") is None:
    os.environ["PATH"] = os.pathsep.join(
        [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    )

# The kit may lie in a folder of any name, also of one with [ ] in it.
take_literally()

# Of interest to nbgrader's developers alone.
warnings.filterwarnings("ignore", module="nbgrader")

# ---- The course --------------------------------------------------------------------------------------------
c.CourseDirectory.course_id = "port_ellery"
c.CourseDirectory.root = str(assignments)
# One file here, unless COURSE_GRADEBOOK names a database, such as postgresql+psycopg://user@host/grades. What is said
# here goes before what another course says in ~/.jupyter/nbgrader_config.py, so all of it is said.
c.CourseDirectory.db_url = gradebook_url(assignments)
for folder in ("source", "release", "submitted", "autograded", "feedback"):
    setattr(c.CourseDirectory, f"{folder}_directory", folder)
c.CourseDirectory.directory_structure = os.path.join("{nbgrader_step}", "{student_id}", "{assignment_id}")
# Gradebook, collected and graded work, feedback and exports are made so that nobody else on this computer can read
# them; `course doctor` says who can read what. Several graders who share one group of the system, and no more than
# that, say so here: c.CourseDirectory.groupshared = True
private_gradebooks(c)

# ---- The exchange: where assignments go out and come in ----------------------------------------------------
# One folder on this machine, unless COURSE_EXCHANGE names the folder that a hub shares with all its users.
shared = os.environ.get("COURSE_EXCHANGE")
c.Exchange.root = shared or str(kit / ".course" / "exchange")
if not shared:
    c.Exchange.cache = str(kit / ".course" / "submitted")
c.Exchange.assignment_dir = str(kit / "my_work")
# Nobody can take another's place in it, and what a student keeps of a hand-in is closed to classmates.
c.ExchangeFactory.release_assignment = "course_utils.grading.nbgrader_plugins.exchange.ReleaseAssignment"
c.ExchangeFactory.fetch_feedback = "course_utils.grading.nbgrader_plugins.exchange.FetchFeedback"
# A submission without its notebook, or with the notebook renamed, is refused when it is handed in.
c.ExchangeSubmit.strict = True
# The name of the library that was worked on goes along, so that a difference is seen.
c.ExchangeFactory.submit = "course_utils.grading.nbgrader_plugins.exchange.Submit"

# ---- What students get in place of an answer ---------------------------------------------------------------
c.ClearSolutions.code_stub = {"python": "# Your code here: replace the three dots above, or write below."}
c.ClearSolutions.text_stub = "*Write your answer here.*"

# ---- Grading -----------------------------------------------------------------------------------------------
c.Autograde.create_student = False
c.Autograde.exporter_class = "course_utils.grading.nbgrader_plugins.submission_exporter.SubmissionExporter"
# The released notebook with the student's sources in it ...
c.Autograde.sanitize_preprocessors = ["course_utils.grading.nbgrader_plugins.restore_release.RestoreRelease"]
# ... is run: student cells in a sandbox, locked cells in the test runner; then the marks are written down.
c.Autograde.autograde_preprocessors = [
    "course_utils.grading.nbgrader_plugins.execute.Examine",
    "course_utils.grading.nbgrader_plugins.save_marks.SaveMarks",
    "nbgrader.preprocessors.AssignLatePenalties",
]
# What was run before is kept here, and not run again while nothing changes. All of it may be deleted.
c.Examine.cache = str(kit / ".course" / "grading")
# Other bounds than those of course_utils/grading/limits.py, for instance {"cell_cpu": 60}:
c.Examine.limits = {}

# Students' own check, the button Validate, runs in a kernel of theirs, as nbgrader does it.
c.Execute.timeout = 60  # seconds a cell
# A kernel warns at each start that it speaks without encryption; it speaks to this machine only.
c.Execute.extra_arguments = ["--IPKernelApp.log_level=ERROR"]

# ---- Feedback ----------------------------------------------------------------------------------------------
c.GenerateFeedback.exporter_class = "course_utils.grading.nbgrader_plugins.feedback.FeedbackExporter"
c.GenerateFeedback.preprocessors = [
    "course_utils.grading.nbgrader_plugins.feedback.ReadMarks",
    "course_utils.grading.nbgrader_plugins.feedback.HideTests",
]
# Whoever handed in through a learning system gets it back there; everybody else's is released.
c.ExchangeFactory.release_feedback = "course_utils.grading.nbgrader_plugins.release_feedback.ReleaseFeedback"

# ---- Late work ---------------------------------------------------------------------------------------------
# What it costs, and who has more time, stands in late.toml. Work counts as handed in when the exchange's own clock
# says so, whatever a student's timestamp.txt claims; turn that off (c.TrustedCollect.trusted_time = False) for an
# exchange that was copied or restored from a backup.
# Work is taken from the user whose name it bears; what somebody else made in that name is set aside, and named at the
# end of collecting and grading. On a hub where all students share one account that cannot be told: there, say
# c.TrustedCollect.check_owner = False
c.AssignLatePenalties.plugin_class = "course_utils.grading.nbgrader_plugins.late_penalties.LatePenalties"
# Formgrader shows and takes times on the clock that late.toml names.
c.NbGraderAPI.timezone = zone_name(assignments)
c.ExchangeFactory.collect = "course_utils.grading.nbgrader_plugins.collect.TrustedCollect"

# ---- What nbgrader says ------------------------------------------------------------------------------------
c.Application.logging_config = {
    "filters": {"plain": {"()": "course_utils.grading.plain_log.PlainErrors"}},
    "handlers": {"console": {"filters": ["plain"]}},
}
