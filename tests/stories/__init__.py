"""Stories: scripted sessions at the keyboard, played by the tests and shown by `python -m tests.stories`."""
