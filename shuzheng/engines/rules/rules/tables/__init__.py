"""Decision tables: reading cells, checking, deciding, looking for overlaps and gaps, DuckDB SQL; pure."""
