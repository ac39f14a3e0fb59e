// 决策表编辑：边写边由服务器检查（停下半秒才问）；加行、删行、移动由服务器给出新的表格再换上。没有脚本时同一个表单照样能用。
const form = document.querySelector("form[data-table-check]");
if (form) {
  const shown = form.querySelector("[data-checked]"), table = form.querySelector("[data-table]");
  form.querySelector(".only-plain")?.setAttribute("hidden", "");
  let timer = 0, asked = null;

  const ask = async (button) => {
    asked?.abort();
    asked = new AbortController();
    const body = new FormData(form);
    if (button) body.set("go", button.value);
    const answer = await fetch(form.dataset.tableCheck, { method: "POST", body, signal: asked.signal });
    if (!answer.ok || !answer.url.endsWith(form.dataset.tableCheck)) throw new Error(String(answer.status));
    const holder = document.createElement("div");
    holder.innerHTML = await answer.text();
    return holder;
  };
  const part = (holder, name) => holder.querySelector(`template[${name}]`)?.content;

  // 错的格子标出来；改好了就去掉
  const mark = () => {
    const wrong = new Map([...shown.querySelectorAll("[data-cell]")].map((li) => [li.dataset.cell, li.textContent.trim()]));
    for (const input of table.querySelectorAll("input[id]")) {
      const bad = wrong.has(input.id);
      input.classList.toggle("govuk-input--error", bad);
      if (bad) { input.setAttribute("aria-invalid", "true"); input.title = wrong.get(input.id); }
      else { input.removeAttribute("aria-invalid"); input.removeAttribute("title"); }
      if (!bad) document.getElementById(`${input.id}-error`)?.remove();
    }
  };
  const check = async () => {
    try {
      const checked = part(await ask(), "data-checked-part");
      if (checked) { shown.replaceChildren(checked); mark(); }
    } catch { /* 断网或又改了字：留着上一次的结果 */ }
  };
  const step = async (button) => {
    clearTimeout(timer);
    try {
      const holder = await ask(button), grid = part(holder, "data-grid-part"), checked = part(holder, "data-checked-part");
      if (!grid || !checked) throw new Error("no grid");
      table.replaceChildren(grid);
      shown.replaceChildren(checked);
      const next = table.querySelector("[data-focus]");
      next?.focus();
      next?.select?.();
      form.dispatchEvent(new Event("input", { bubbles: true })); // 也是改动
      clearTimeout(timer);
    } catch (failed) {
      if (failed.name !== "AbortError") { button.dataset.plain = "1"; form.requestSubmit(button); } // 交给服务器整页来办
    }
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=go]");
    if (!button || !/^(row|column)-/.test(button.value) || button.dataset.plain) return;
    event.preventDefault();
    step(button);
  });
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(check, 500); });
  form.addEventListener("change", (event) => { if (event.target.matches("select")) check(); });

  // 没存就离开会先问一声
  let dirty = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

  // ↑ ↓ 到上下一行同一列，Alt+↑ ↓ 移动这一行，Enter 到下一行（最后一行再加一行）
  table.addEventListener("keydown", (event) => {
    const here = event.target.closest("tbody input"), row = here?.closest("tr");
    if (!row || event.ctrlKey || event.metaKey || event.isComposing) return;
    const up = event.key === "ArrowUp", down = event.key === "ArrowDown", enter = event.key === "Enter";
    if (!up && !down && !enter) return;
    event.preventDefault();
    if (event.altKey) { row.querySelector(`button[value^="${up ? "row-up" : "row-down"}:"]:not([disabled])`)?.click(); return; }
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    const at = [...row.querySelectorAll("input")].indexOf(here);
    const input = other?.querySelectorAll("input")[at];
    if (input) { input.focus(); input.select(); } else if (enter) row.querySelector('button[value^="row-add:"]')?.click();
  });
}
