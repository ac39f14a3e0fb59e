// 流程条：走过的涂绿，当前的加粗；图只给看得见的人，文字版在旁边的 details 里。
import Viewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/diagram-js.css";

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const ids = (text) => (text ?? "").split(",").filter(Boolean);

for (const box of document.querySelectorAll("[data-bpmn]")) {
  const answer = await fetch(box.dataset.bpmn, { headers: { Accept: "application/xml" } });
  if (!answer.ok) { box.hidden = true; continue; } // 文字版还在
  const viewer = new Viewer({
    container: box,
    bpmnRenderer: { defaultStrokeColor: token("--ink-2") },
    textRenderer: { defaultStyle: { fontFamily: token("--font"), fontSize: 12 }, externalStyle: { fontSize: 11 } },
  });
  await viewer.importXML(await answer.text());
  const canvas = viewer.get("canvas"), all = viewer.get("elementRegistry"), graphics = viewer.get("graphicsFactory");
  const paint = (id, fill, stroke) => {
    const shape = all.get(id);
    if (!shape?.di || shape.waypoints) return;
    shape.di.set("bioc:fill", token(fill));
    shape.di.set("bioc:stroke", token(stroke));
    graphics.update("shape", shape, canvas.getGraphics(shape));
  };
  for (const id of ids(box.dataset.done)) paint(id, "--ok-bg", "--ok");
  for (const id of ids(box.dataset.now)) { paint(id, "--brand-bg", "--brand"); if (all.get(id)) canvas.addMarker(id, "now"); }
  canvas.zoom("fit-viewport", "auto");
  canvas.zoom(canvas.zoom() * 0.93); // 右下角留给水印，不与图形重叠
  box.dataset.ready = "1";
}
