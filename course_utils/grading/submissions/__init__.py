"""To and from the systems where students hand in and see their marks: Canvas, Moodle, Blackboard, Brightspace."""
