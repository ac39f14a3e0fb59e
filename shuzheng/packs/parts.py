"""The parts of a pack, in the order they are loaded: each may refer to those before it."""

from shuzheng.base.directory import pack as directory
from shuzheng.base.kernel.pack import Part
from shuzheng.engines.cases import pack as cases
from shuzheng.engines.credentials import pack as credentials
from shuzheng.engines.lake import pack as lake
from shuzheng.services.benefits import pack as benefits
from shuzheng.services.items import pack as items
from shuzheng.services.rulebook import pack as rulebook

PARTS: tuple[tuple[str, Part], ...] = (
    ("机构与人员", directory),
    ("办理流程", cases),
    ("电子证照", credentials),
    ("决策表", rulebook),
    *items.STEPS,
    ("政策", benefits),
    ("数据湖", lake),
)
"""Chinese name and part."""
