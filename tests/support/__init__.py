"""Helpers of the tests. Most must not import chainstep; those that do say what they know of it."""
