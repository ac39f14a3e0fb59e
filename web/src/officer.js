// 收件箱键盘：J/K 上下，Enter 打开，X 选中，C 认领，Ctrl+Enter 提交决定。单键在输入框内不生效。
const keys = document.getElementById("keys");
for (const button of document.querySelectorAll("[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", (event) => { event.preventDefault(); keys?.showModal(); });
}
const grid = document.querySelector("[data-grid] tbody");
const rows = grid ? [...grid.rows] : [];
let at = -1;

const go = (n) => {
  if (!rows.length) return;
  rows[at]?.classList.remove("at");
  at = Math.max(0, Math.min(rows.length - 1, n));
  rows[at].classList.add("at");
  rows[at].querySelector("a")?.focus();
};
const pick = (row, on) => { if (on) row.setAttribute("aria-selected", "true"); else row.removeAttribute("aria-selected"); };

grid?.addEventListener("change", (event) => {
  if (event.target.type === "checkbox") pick(event.target.closest("tr"), event.target.checked);
});

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const form = event.target.closest("form[data-decide]");
    if (form) { event.preventDefault(); form.requestSubmit(form.querySelector("[data-default]") ?? undefined); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  const act = {
    j: () => go(at + 1),
    k: () => go(at - 1),
    x: () => { const box = rows[at]?.querySelector("input[type=checkbox]"); if (box) { box.checked = !box.checked; pick(rows[at], box.checked); } },
    c: () => document.querySelector("[data-claim]")?.click(),
    "?": () => keys?.showModal(),
  }[event.key.toLowerCase()];
  if (act) { event.preventDefault(); act(); }
});
