"""Somebody else's code in a process of its own: started with limits, read as data, ended as a group. Knows processes
and pipes; must not know what the code is, nor any screen.

What runs in the child is a module of ours, given by path together with `chainstep.engine`; nothing else of our
environment is on its path, so another interpreter may run it, in which chainstep is not installed. The module uses the
standard library and `chainstep.engine` alone, and has a function

    def main(task: dict[str, Any], send: Callable[[Mapping[str, object]], None]) -> None

`task` is what `Task.data` was, `send` writes one JSON object on a pipe of its own. Each arrives when it is sent: a
child that is killed has told what it had found. `chainstep verify`, say, has its module beside its command, and reads
a row at a time:

    task = Task("chainstep.tui.cli.verify.child", {"what": str(file), "is_file": True, "cls": name}, file.parent)
    child = Child(task, Limits(seconds=10.0))
    for message in messages(child):          # in a Textual app: async with child: async for message in child: …
        …                                    # a dict from a stranger: look at it before it is believed
    child.end                                # how it ended; child.output and child.errors are what it printed

Its stdin is empty, it has no terminal, windows and plots are swallowed. It ends with us, however we end.
"""
