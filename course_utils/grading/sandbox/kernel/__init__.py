"""The student's process: an IPython shell at the end of a socket."""
