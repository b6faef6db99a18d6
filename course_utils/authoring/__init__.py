"""What those who write lessons need: the pairing of text and notebooks, and the files made from the lock."""
