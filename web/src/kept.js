// 表单边填边存（data-keep）：停下来一秒半、离开一栏、关掉页面时存一次；再打开时放回来，换一台设备也在。
// 只存填写的内容：文件、密码、隐藏的栏都不存。提交成功后就忘掉。没有它，表单照样能交。
const PAUSE = 1500, LONGEST = 30000;
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
  let rev = 0, timer = 0, wait = PAUSE, sending = null, dirty = false, stopped = false, leaving = false;

  const say = (key, at = "") => { words.textContent = line.dataset[key].replace("{at}", at); };
  const later = (ms) => { clearTimeout(timer); if (!stopped) timer = setTimeout(save, ms); };
  const stop = (key) => { stopped = true; say(key); };
  const content = () => [["path", place(form)], ["rev", rev], ["typed", JSON.stringify(typed(form))]];

  function sent() { // 提交时告诉服务器：存过的可以忘掉了
    if (form.elements.kept) return;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "kept", value: "1" }));
  }

  async function send() {
    const answer = await ask(form, "save", content());
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return stop("expired");
    if (answer.status === 409) return stop("conflict");
    if (!answer.ok) throw new Error(String(answer.status));
    const saved = await answer.json();
    rev = saved.rev;
    wait = PAUSE;
    sent();
    say("done", saved.at);
    empty.hidden = false;
  }

  async function save() {
    if (stopped || sending || !dirty) return;
    dirty = false;
    say("saving");
    sending = send();
    try {
      await sending;
    } catch {
      dirty = true;
      wait = Math.min(wait * 2, LONGEST);
      say("failed");
    }
    sending = null;
    if (dirty) later(wait);
  }

  form.addEventListener("input", () => { dirty = true; later(PAUSE); });
  form.addEventListener("change", () => { dirty = true; later(200); });
  addEventListener("online", () => later(0));
  addEventListener("pagehide", () => {
    if (dirty && !stopped && !leaving) ask(form, "save", content(), { keepalive: true }).catch(() => {});
  });
  addEventListener("beforeunload", (event) => { if (dirty && wait > PAUSE && !leaving) event.preventDefault(); });
  addEventListener("pageshow", () => { leaving = false; });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!sending) { leaving = true; return; }
    event.preventDefault(); // 正在存的先存完，免得提交以后又存一次
    const button = event.submitter;
    sending.catch(() => {}).finally(() => { leaving = true; form.requestSubmit(button); });
  });
  empty.addEventListener("click", async () => {
    clearTimeout(timer);
    form.reset();
    const answer = await ask(form, "drop", [["path", place(form)]]).catch(() => null);
    if (!answer?.ok) return say("failed");
    rev = 0;
    dirty = stopped = false;
    form.elements.kept?.remove();
    words.textContent = "";
    empty.hidden = true;
    inputs(form)[0]?.focus();
  });

  return (kept) => {
    rev = kept.rev;
    sent();
    if ("typed" in line.dataset || dirty) return; // 页面上已经是刚填的
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
