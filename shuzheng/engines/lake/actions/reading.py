"""TEMP."""


def run_query(*a, **k):
    raise NotImplementedError


def run_tree(*a, **k):
    raise NotImplementedError


def export_query(*a, **k):
    raise NotImplementedError
