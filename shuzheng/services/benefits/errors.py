"""What this room refuses, and what the reader can do next."""

from shuzheng.base.kernel.errors import NotFound, Refused


class PolicyNotFound(NotFound):
    """No such policy."""

    code = "benefits.policy_not_found"
    text = "没有这项政策，或者它已经取消"
    hint = "请回到政策列表，换个说法再找一找"


class RunNotFound(NotFound):
    """No such run of the search for everyone."""

    code = "benefits.run_not_found"
    text = "没有找到这次查找的结果"
    hint = "请回到政策页面重新查找"


class MayNotFindEveryone(Refused):
    """The post does not pay out this policy and does not govern the data."""

    code = "benefits.may_not_find_everyone"
    text = "您的岗位不能查看这项政策的符合对象"
    hint = "由政策主管部门的资金兑付岗位，或本级数据主管岗位查看；需要时请他们提供"
