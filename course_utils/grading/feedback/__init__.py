"""What a student gets back: one page, safe to open, with what came of each question."""
