"""Work that takes long, done beside the page: a process that claims jobs, and one child for each.

The worker loads no torch. What a job does is a task (`tasks.TASKS`) that runs in a child of its own, so that whatever
happens there (no memory, a crash, a kill) ends one job and nothing else.
"""
