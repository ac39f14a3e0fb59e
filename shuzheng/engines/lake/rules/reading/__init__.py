"""Reading delimited text: records and their faults, encodings, headers, and what a text means as a value."""
