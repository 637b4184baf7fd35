"""Long work beside the event loop: large networks are laid out, tables read. Knows threads; must not know sessions, or
widgets.
"""
