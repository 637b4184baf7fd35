"""Scripts of a user's own for tests, and what was recorded of them. Must not know sessions."""
