"""What can be wrong with a rule's text or with the facts given to it."""

from shuzheng.base.kernel.errors import Invalid


class RuleTextInvalid(Invalid):
    """The text is no rule. `problem` says why; `line` and `column` (from 1) say where."""

    code = "rules.text_invalid"
    text = "第 {line} 行第 {column} 列：{problem}"
    hint = "改好这一处再检查；可用的写法见规则说明"


class FactInvalid(Invalid):
    """A value does not fit the schema of its fact."""

    code = "rules.fact_invalid"
    text = "“{label}”应为{wanted}"
    hint = "请改成这种写法；不清楚时留空，按未提供处理"
