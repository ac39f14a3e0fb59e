"""Read BPMN XML safely: size limit, no entities, no network, no DOCTYPE; and the few questions asked of an element."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from lxml import etree

from shuzheng.engines.cases.errors import ElementFault, ProcessRefused

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SZ: Final = "urn:shuzheng:bpmn:1"
BYTES_MAX: Final = 512 * 1024
ID: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,59}")

Element: TypeAlias = etree._Element


def read_xml(xml: str) -> Element:
    """Return the root of a BPMN document.

    Raises:
        ProcessRefused: Too large, not well-formed, with a DOCTYPE, or not a BPMN document.
    """
    content = xml.encode()
    if len(content) > BYTES_MAX:
        raise _refused(f"文件有 {len(content) // 1024} KB，超过 {BYTES_MAX // 1024} KB", "一张流程图不需要这么大")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _refused(f"不是正确的 XML：{error.msg}", "请用流程设计器重新导出") from error
    if root.getroottree().docinfo.doctype:
        raise _refused("带有 DOCTYPE 声明", "请删去 DOCTYPE 和实体定义")
    if root.tag != f"{{{BPMN}}}definitions":
        raise _refused("不是 BPMN 2.0 文件", "根元素应为 bpmn:definitions")
    return root


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(etree.QName(element).localname)


def is_bpmn(element: Element) -> bool:
    """Tell whether an element belongs to the BPMN model."""
    return bool(etree.QName(element).namespace == BPMN)


def text_of(element: Element, attribute: str) -> str:
    """Return an attribute, '' when absent."""
    return str(element.get(attribute) or "").strip()


def children(element: Element, name: str) -> list[Element]:
    """Return the BPMN children of that name."""
    return list(element.findall(f"{{{BPMN}}}{name}"))


def extensions(element: Element) -> Iterator[Element]:
    """Yield our own elements inside an element's extensionElements; other vendors' are left alone."""
    for holder in children(element, "extensionElements"):
        for child in holder:
            if etree.QName(child).namespace == SZ:
                yield child


def attributes(element: Element) -> Mapping[str, str]:
    """Return the attributes by name, stripped."""
    return {str(name): str(value).strip() for name, value in element.attrib.items()}


def event_definition(element: Element) -> Element | None:
    """Return the event definition inside an event, None for a plain event; of several the first."""
    return next((child for child in element if local(child).endswith("EventDefinition")), None)


def _refused(what: str, hint: str) -> ProcessRefused:
    return ProcessRefused([ElementFault("definitions", "", what, hint)])
