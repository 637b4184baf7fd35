"""Helpers of the tests. Must not import chainstep."""
