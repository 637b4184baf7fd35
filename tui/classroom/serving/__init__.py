"""One process that has everything loaded, and a session forked from it for each terminal. Knows processes, sockets and
terminals' descriptors; must not know what a session shows, nor Textual.

Whoever starts chainstep at a terminal looks for a class first (`meeting`, `joining`), hands it the terminal and stays
as a shell that holds it (`holder`). The class (`server`) forks; the fork becomes what a process of its own would have
been (`fork`), hears of its terminal by a line to the holder (`line`), and has its share of the processor (`seats`).
"""
