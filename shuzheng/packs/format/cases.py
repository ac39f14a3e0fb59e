"""Files of `shuzheng.engines.cases`: processes."""

from shuzheng.packs.format.kinds import FileFormat

CASES = (
    FileFormat(
        "processes/*.bpmn",
        "Processes in BPMN 2.0, drawn with any modeller; our attributes are in the namespace `urn:shuzheng:bpmn:1`. "
        "`promised` and `instant` handle the two kinds of item.",
    ),
)
