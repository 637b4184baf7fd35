"""Long runs: what holds in thousands of cases. By hand, `python -m tests.long NAME`; the tests run a share of each."""
