"""Models in and out: scripts for other libraries, drawings, tensors and tables, and networks that PyTorch made. Knows
models as data; must not know the screen, or how runs are kept.
"""
