// 每一页都用：渐进增强，没有它表单照样能交。
import { ErrorSummary, SkipLink, createAll } from "govuk-frontend";

for (const part of [SkipLink, ErrorSummary]) createAll(part); // 出错摘要取得焦点，点一条就到那一栏

// 长者模式：先在本页生效，再由表单记住
for (const button of document.querySelectorAll("[data-elder]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const on = document.documentElement.classList.toggle("elder");
    button.setAttribute("aria-pressed", String(on));
    fetch(button.form.action, { method: "POST", body: new FormData(button.form) }).catch(() => button.form.submit());
  });
}

// “/”跳到搜索框，除非正在输入
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = document.querySelector("[data-key='/']");
  if (box) { event.preventDefault(); box.focus(); }
});

// 提交后按钮停用三秒：双击只发一次（服务器另有同一编号只办一次的保证）
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.target.dataset.sent) { event.preventDefault(); return; }
  event.target.dataset.sent = "1";
  setTimeout(() => { delete event.target.dataset.sent; }, 3000);
});
addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent; });

// 打印按钮；没有脚本时浏览器菜单里照样能打印
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// 打印时把折叠的都打开，印完合上
addEventListener("beforeprint", () => { for (const fold of document.querySelectorAll("details:not([open])")) { fold.open = true; fold.dataset.unfolded = ""; } });
addEventListener("afterprint", () => { for (const fold of document.querySelectorAll("[data-unfolded]")) { fold.open = false; delete fold.dataset.unfolded; } });

// 出示码倒数：data-expires 是秒数，到时换一张
for (const box of document.querySelectorAll("[data-expires]")) {
  const until = Date.now() + Number(box.dataset.expires) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.round((until - Date.now()) / 1000));
    box.textContent = String(left);
    if (left > 0) setTimeout(tick, 1000); else location.reload();
  };
  tick();
}

// 手机上分面默认收起，免得结果在第二屏
if (matchMedia("(max-width: 40rem)").matches) for (const sift of document.querySelectorAll(".sift")) sift.open = false;
