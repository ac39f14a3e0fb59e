// 表单边填边存（data-keep）：再打开时放回来，换一台设备也在。
// 只存填写的内容：文件、密码、隐藏的栏都不存。提交成功后就忘掉。没有它，表单照样能交。
import { refusal, saveAsTyped } from "./saving.js";

const forms = [...document.querySelectorAll("form[data-keep]")];
const url = document.querySelector("[data-kept]")?.dataset.url;
const NEVER = new Set(["hidden", "file", "password", "submit", "button"]);

const token = (form) => form.elements.csrfmiddlewaretoken.value;
const place = (form) => new URL(form.action || location.href, location.href).pathname;
const inputs = (form) => [...form.elements].filter((one) => one.name && !one.readOnly && !NEVER.has(one.type));
const tickable = (one) => one.type === "checkbox" || one.type === "radio";

function typed(form) {
  const found = {};
  for (const one of inputs(form)) {
    const values = found[one.name] ??= [];
    if (!tickable(one) || one.checked) values.push(one.value);
  }
  return found;
}

function ask(form, act, fields, more = {}) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", token(form));
  body.set("act", act);
  for (const [name, value] of fields) body.append(name, value);
  return fetch(url, { method: "POST", body, redirect: "manual", headers: { accept: "application/json" }, ...more });
}

function putBack(form, kept) {
  const left = Object.fromEntries(Object.entries(kept).map(([name, values]) => [name, [...values]]));
  let changed = false;
  for (const one of inputs(form)) {
    if (!(one.name in left)) continue;
    if (tickable(one)) {
      const on = kept[one.name].includes(one.value);
      changed ||= on !== one.checked;
      one.checked = on;
    } else {
      const value = left[one.name].shift() ?? "";
      changed ||= value !== one.value;
      one.value = value;
    }
    if (changed) one.closest("details")?.setAttribute("open", "");
  }
  return changed;
}

function keep(form) {
  const line = form.querySelector("[data-kept]");
  const words = line.querySelector("span"), empty = line.querySelector("button");
  let rev = 0;

  const say = (key, at = "") => { words.textContent = line.dataset[key].replace("{at}", at); };
  const content = () => [["path", place(form)], ["rev", rev], ["typed", JSON.stringify(typed(form))]];

  function sent() { // 提交时告诉服务器：存过的可以忘掉了
    if (form.elements.kept) return;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "kept", value: "1" }));
  }

  async function send() {
    const answer = await ask(form, "save", content());
    const ended = refusal(answer);
    if (ended) return ended;
    const saved = await answer.json();
    rev = saved.rev;
    sent();
    say("done", saved.at);
    empty.hidden = false;
  }

  const leave = () => ask(form, "save", content(), { keepalive: true }).catch(() => {});
  const saving = saveAsTyped(form, { send, leave, say });
  empty.addEventListener("click", async () => {
    saving.begin();
    form.reset();
    const answer = await ask(form, "drop", [["path", place(form)]]).catch(() => null);
    if (!answer?.ok) return say("failed");
    rev = 0;
    saving.begin();
    form.elements.kept?.remove();
    words.textContent = "";
    empty.hidden = true;
    inputs(form)[0]?.focus();
  });

  return (kept) => {
    rev = kept.rev;
    sent();
    if ("typed" in line.dataset || saving.isDirty()) return; // 页面上已经是刚填的
    if (putBack(form, kept.typed)) say("back", kept.at);
    empty.hidden = false;
  };
}

if (forms.length && url) {
  const takers = new Map(forms.map((form) => [place(form), keep(form)]));
  ask(forms[0], "read", [...takers.keys()].map((path) => ["path", path]))
    .then((answer) => (answer.ok ? answer.json() : {}))
    .then((found) => { for (const [path, kept] of Object.entries(found)) takers.get(path)?.(kept); })
    .catch(() => {}); // 读不到就当没有存过
}
