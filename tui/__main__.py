"""`python -m chainstep.tui` is `chainstep`. Must not know anything else."""

import sys

from .cli.entry import main

sys.exit(main())
