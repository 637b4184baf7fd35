"""The lessons' texts, one TOML file each, and what reads such a file. Knows TOML; must not know what a lesson is made
of.

Nothing of a lesson's words is in code, so that lessons can be translated file by file.
"""
