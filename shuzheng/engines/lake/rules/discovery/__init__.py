"""Finds what columns hold, by checked patterns, statistics of values, and what the column calls itself.

`looking.look` decides one column from its sample; `grading.propose` says how it should be graded and masked. Values
are seen here and nowhere else: what leaves are counts.
"""
