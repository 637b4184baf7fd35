"""In front of a class: forty sessions at once, and those who follow one."""
