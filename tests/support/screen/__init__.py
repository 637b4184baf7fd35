"""The screen as tests see it: emulated, drawn, measured. Knows Textual and terminals; must not know any test."""
