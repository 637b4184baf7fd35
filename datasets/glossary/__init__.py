"""The field's terms, as the help page and the README explain them. Knows texts alone; must not know the engine or the
screen.
"""
