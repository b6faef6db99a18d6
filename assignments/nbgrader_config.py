"""The class's nbgrader settings, read by `nbgrader` in this folder, and by JupyterLab when `course lab` starts it.

Every part that is not nbgrader's own is named here by its path, and lives in course_utils/grading/.
"""

import os
import shutil
import sys
import warnings
from pathlib import Path

c = get_config()  # given by nbgrader

assignments = Path(__file__).resolve().parent
kit = assignments.parent

# nbgrader calls `alembic` by name when it makes a gradebook: it must be found in an environment that is not active.
if shutil.which("alembic") is None:
    os.environ["PATH"] = os.pathsep.join(
        [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    )

# Of interest to nbgrader's developers alone.
warnings.filterwarnings("ignore", module="nbgrader")

# ---- The course --------------------------------------------------------------------------------------------
c.CourseDirectory.course_id = "port_ellery"
c.CourseDirectory.root = str(assignments)

# ---- The exchange: where assignments go out and come in ----------------------------------------------------
# One folder on this machine, unless COURSE_EXCHANGE names the folder that a hub shares with all its users.
shared = os.environ.get("COURSE_EXCHANGE")
c.Exchange.root = shared or str(kit / ".course" / "exchange")
if not shared:
    c.Exchange.cache = str(kit / ".course" / "submitted")
c.Exchange.assignment_dir = str(kit / "my_work")
# A submission without its notebook, or with the notebook renamed, is refused when it is handed in.
c.ExchangeSubmit.strict = True

# ---- What students get in place of an answer ---------------------------------------------------------------
c.ClearSolutions.code_stub = {"python": "# Your code here: replace the three dots above, or write below."}
c.ClearSolutions.text_stub = "*Write your answer here.*"

# ---- Grading -----------------------------------------------------------------------------------------------
c.Autograde.create_student = False
c.Autograde.exporter_class = "course_utils.grading.intake.SubmissionExporter"
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "course_utils.grading.restore.RestoreCells",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "course_utils.grading.execution.ExecuteAsStudent",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Execute.timeout = 60  # seconds a cell
# A kernel warns at each start that it speaks without encryption; it speaks to this machine only.
c.Execute.extra_arguments = ["--IPKernelApp.log_level=ERROR"]

# nbgrader gives no points to a cell that writes to standard error; a warning is no mistake.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = r"(?s)."

# ---- Feedback ----------------------------------------------------------------------------------------------
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "course_utils.grading.feedback.HideTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# ---- What nbgrader says ------------------------------------------------------------------------------------
c.Application.logging_config = {
    "filters": {"plain": {"()": "course_utils.grading.plain_log.PlainErrors"}},
    "handlers": {"console": {"filters": ["plain"]}},
}
