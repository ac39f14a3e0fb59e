// 工作台键盘：J/K 上下一件，Enter 打开，X 选中，C 认领，1–9 打开第几份材料，Ctrl+Enter 提交决定。
// 单键在输入框内不生效，也可以停用（表格或页面上 data-keys-off）。没有脚本时页面照样能用。
const keys = document.getElementById("keys");
for (const button of document.querySelectorAll("[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", (event) => { event.preventDefault(); keys?.showModal(); });
}

// 表会自己更新（live.js），所以每次都重新找；停在哪一件按链接记
let grid, rows = [], at = -1;
const linkOf = (row) => row?.querySelector("a")?.getAttribute("href");
const go = (n) => {
  if (!rows.length) return;
  rows[at]?.classList.remove("at");
  at = Math.max(0, Math.min(rows.length - 1, n));
  rows[at].classList.add("at");
  rows[at].querySelector("a")?.focus();
};

// 选中几件：说出来，行也变色
const count = () => {
  const picked = document.querySelector("[data-picked]");
  const boxes = [...(grid?.querySelectorAll("input[type=checkbox]") ?? [])];
  for (const box of boxes) {
    const row = box.closest("tr");
    if (box.checked) row.setAttribute("aria-selected", "true"); else row.removeAttribute("aria-selected");
  }
  const n = boxes.filter((box) => box.checked).length;
  if (picked) picked.textContent = n ? picked.dataset.picked.replace("{n}", n) : picked.dataset.none;
};
const look = () => {
  const was = linkOf(rows[at]);
  grid = document.querySelector("[data-grid] tbody");
  rows = grid ? [...grid.rows] : [];
  at = was ? rows.findIndex((row) => linkOf(row) === was) : -1;
  rows[at]?.classList.add("at");
  grid?.addEventListener("change", count);
  if (grid) count(); // 后退回来时浏览器会记得勾选
};
look();
addEventListener("refreshed", look);

const off = () => document.querySelector("[data-keys-off]") !== null;
const act = {
  j: () => go(at + 1),
  k: () => go(at - 1),
  x: () => { const box = rows[at]?.querySelector("input[type=checkbox]"); if (box) { box.checked = !box.checked; count(); } },
  c: () => document.querySelector("[data-claim]")?.click(),
  "?": () => keys?.showModal(),
};

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const form = event.target.closest("form[data-decide]");
    if (form) { event.preventDefault(); form.requestSubmit(form.querySelector("[data-default]") ?? undefined); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || off() || keys?.open) return;
  if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
  const paper = /^[1-9]$/.test(event.key) && document.querySelector(`[data-paper="${event.key}"]`);
  const todo = paper ? () => paper.click() : act[event.key.toLowerCase()];
  if (todo) { event.preventDefault(); todo(); }
});

// 规则编辑：边写边由服务器检查（停下半秒才问），结果说看得懂没有、错在第几行第几列、和现在的差别
for (const form of document.querySelectorAll("form[data-rule-check]")) {
  const shown = form.querySelector("[data-checked]");
  form.querySelector(".only-plain")?.setAttribute("hidden", "");
  let timer = 0, asked = null;
  const check = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(form.dataset.ruleCheck, { method: "POST", body: new FormData(form), signal: asked.signal });
      if (answer.ok && answer.url.endsWith(form.dataset.ruleCheck)) shown.innerHTML = await answer.text();
    } catch { /* 断网或又改了字：留着上一次的结果 */ }
  };
  form.addEventListener("input", (event) => {
    if (!event.target.matches("[name=text], [name=tests], [name=failure], [name=label]")) return;
    clearTimeout(timer);
    timer = setTimeout(check, 500);
  });
}

// 有事在进行的一块（data-renew）每两秒换成服务器的新样子，做完为止；没有脚本就手动刷新
const renew = async () => {
  const box = document.querySelector("[data-renew]");
  if (!box) return;
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = page.getElementById(box.id);
    if (fresh) box.replaceWith(fresh);
  } catch { /* 网断了，下一次再试 */ }
  setTimeout(renew, 2000);
};
if (document.querySelector("[data-renew]")) setTimeout(renew, 2000);
