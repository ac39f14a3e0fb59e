"""The desk (工作台): what officers see and decide; no tables, no rules of its own.

Main flow: the inbox by due date, one case with form, papers, process and deadlines, the decision box, the conflict
page when a colleague was first; licences for their issuers; notices; the choice of post.
"""
