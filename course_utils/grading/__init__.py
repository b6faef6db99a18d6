"""Everything for the instructor: the one place in the kit that imports nbgrader.

nbgrader does the work. What is in ``nbgrader_plugins/`` fits into its own extension points, and is named in
``assignments/nbgrader_config.py``; ``run.py`` starts its Autograde. docs/architecture.md is the way in.
"""

import sys

# nbformat loads jsonschema, and that would spend a second of every command on a grammar of web addresses in all
# scripts. No notebook has one to be looked at; jsonschema does without.
if "jsonschema" not in sys.modules:
    sys.modules.setdefault("rfc3987_syntax", None)
