"""What runs in a script's own process: the script or notebook as it is, watched where it makes nodes and goes
backward. Knows the standard library and `chainstep.engine` alone, since another interpreter may run it, in which there
is nothing else of ours; must not know what is made of its messages.

Messages, each with its `event`:

    place     line text cell file     a line of the script; graphs and moments name it by its number, from 0
    graph     id nodes ops names parameters units edges
              packed                  op, number of inputs, place and unit of each node, then all inputs
    moment    index nodes loss line cell graph place error
              numbers                 data, gradients before and after of every node; or
              leaves                  data of the leaves; or neither, where there is no room
    finals    graph numbers           what a graph's parameters were left with
    stand-in  module                  our engine answered an import
    missing   module place            a package that is not installed
    error     what place
    unread    why                     a `backward()` whose graph cannot be read
    end                               it came to its end
"""

from .main import main

__all__ = ["main"]
