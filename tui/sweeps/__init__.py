"""Many runs of one subject, over values of its knobs and seeds. Knows sessions, the store and `concurrent.futures`;
must not know a screen, or how the command line is read.
"""
