"""Lessons for tests. Knows lessons; must not know any test."""
