"""The test runner: runs the tests, asks the student's process for values, and finds the marks."""
