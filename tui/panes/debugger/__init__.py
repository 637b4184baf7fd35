"""The panes of stepping: chain rule, trace, graph, what comes next. Each draws a snapshot; none asks a session."""
