"""Benchmarks: chainstep against its peers and its own goals. Run by hand, `python -m tests.bench`; tests know none."""
