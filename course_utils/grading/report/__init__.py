"""Monday's page: how a class did, and what to teach again."""
