"""One training step, op by op or compiled. Knows one program and one state; must not know what lies behind it."""
