"""`chainstep export` and `chainstep import`: where a model goes, and where one comes from. Knows sessions and files;
must not know formats.
"""
