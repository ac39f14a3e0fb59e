// 流程图：走过的涂绿，当前的加粗；图只给看得见的人，同样的内容在上面用文字写着。
import Viewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/diagram-js.css";

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const ids = (text) => (text ?? "").split(",").filter(Boolean);

// 泳道多的图比横条高：按宽度放大到看得清为止，再按图的高度定下横条的高
const LEAST = 0.72;
const fit = (box, canvas) => {
  const { inner } = canvas.viewbox();
  const room = box.clientWidth - 24;
  const scale = Math.min(1, Math.max(LEAST, room / inner.width));
  const height = Math.ceil(inner.height * scale) + 24;
  box.style.setProperty("height", `${height}px`);
  canvas.resized();
  canvas.viewbox({ x: inner.x - 12 / scale, y: inner.y - 12 / scale, width: box.clientWidth / scale, height: height / scale });
};

const draw = async (box) => {
  const answer = await fetch(box.dataset.bpmn, { headers: { Accept: "application/xml" } });
  if (!answer.ok) throw new Error(String(answer.status));
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
  const now = ids(box.dataset.now);
  for (const id of ids(box.dataset.done)) if (!now.includes(id)) paint(id, "--ok-bg", "--ok");
  for (const id of now) { paint(id, "--brand-bg", "--brand"); if (all.get(id)) canvas.addMarker(id, "now"); }
  fit(box, canvas);
  box.dataset.ready = "1";
};

// 图收在 details 里，打开才画，打开过就记住；没有脚本时 details 不出现，文字版一直在
for (const fold of document.querySelectorAll("details[data-drawing]")) {
  const box = fold.querySelector("[data-bpmn]");
  const show = async () => {
    sessionStorage.setItem("drawing", fold.open ? "1" : "");
    if (!fold.open || box.dataset.ready) return;
    try { await draw(box); } catch { fold.hidden = true; }
  };
  fold.hidden = false;
  fold.addEventListener("toggle", show);
  if (sessionStorage.getItem("drawing")) fold.open = true;
}
