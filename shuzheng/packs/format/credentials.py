"""Files of `shuzheng.engines.credentials`: licence types and licences held."""

from shuzheng.packs.format.kinds import Column, FileFormat, Kind

HOLDER_KINDS = ("person", "firm", "property", "vehicle", "project")

CREDENTIALS = (
    FileFormat(
        "licence_types.csv",
        "Types of electronic licences (电子证照类型, GB/T 36903).",
        (
            Column("type_code", "defining body's code and 3 digits", Kind.CODE),
            Column("name", "name, unique; other files refer to it"),
            Column("defining_org", "name of the defining body"),
            Column("defining_org_code", "its unified social credit code", Kind.CODE),
            Column("issuing_department", "short name of the city department that issues it"),
            Column("holder_kind", "what holds it", Kind.CHOICE, HOLDER_KINDS),
            Column("validity_years", "years valid; empty: without end", Kind.INTEGER, blank=True),
            Column("key_fields", "names of its fields", Kind.LIST),
            Column("related_register", "base register it belongs to", blank=True),
            Column("in_step", "issued on paper and electronically at once (同步制发)", Kind.BOOLEAN),
        ),
        key=("type_code",),
    ),
    FileFormat(
        "licences.csv",
        "Licences that demonstration people and firms hold.",
        (
            Column("licence_no", "number on the licence", Kind.CODE),
            Column("type_code", "in licence_types.csv", Kind.CODE),
            Column("licence_type", "the same type's name"),
            Column("holder_kind", "as its type says", Kind.CHOICE, HOLDER_KINDS),
            Column("holder_id", "identity number or unified social credit code of the holder", Kind.CODE),
            Column("holder_name", "the same holder's name"),
            Column("object_id", "property, vehicle or project it is about", Kind.CODE, blank=True),
            Column("issuer", "issuing body, in organizations.csv", Kind.CODE),
            Column("issued_on", "day of issue, valid from", Kind.DATE),
            Column("valid_to", "last day; empty: without end", Kind.DATE, blank=True),
            Column("status", "state", Kind.CHOICE, ("有效", "暂停", "注销", "吊销", "撤销")),
            Column("fields", "its fields and their values", Kind.JSON),
        ),
        key=("type_code", "licence_no", "holder_id"),
    ),
)
