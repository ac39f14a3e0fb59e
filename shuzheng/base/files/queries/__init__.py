"""Reads of the room. Whether the reader may is the business of the room that holds the file's id."""

from shuzheng.base.files.queries.stored import get_file, get_files, list_missing, open_file, path_of, seal_context

__all__ = ["get_file", "get_files", "list_missing", "open_file", "path_of", "seal_context"]
