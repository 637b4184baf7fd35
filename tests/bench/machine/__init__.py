"""Machine code against the Python function, the replay and other libraries."""
