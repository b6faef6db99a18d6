"""Everything for the instructor: the one place in the kit that imports nbgrader.

nbgrader does the work. What stands here fits into its own extension points, and is named in
``assignments/nbgrader_config.py``.
"""
