"""What all tests share: how hard Hypothesis tries. Must not know what is tested."""

import os

from hypothesis import settings

# Machines differ in speed, so no example has a deadline. CI tries the same examples every time: a red build
# is then the commit's doing. New examples are found by the developers, whose runs stay random.
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=60, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
