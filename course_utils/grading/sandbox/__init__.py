"""Where a student's code runs: a process of its own that can do nobody any harm."""
