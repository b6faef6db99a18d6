"""Every class that ``nbgrader_config.py`` names: each fits into one of nbgrader's own places, and is thin."""
