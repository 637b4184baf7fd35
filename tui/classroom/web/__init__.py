"""The app in browsers: a process for each tab, and who may open one. Knows pages and processes; must not know what is
shown.
"""
