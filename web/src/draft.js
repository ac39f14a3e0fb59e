// 申请表边填边存：停下来一秒半、离开一栏、关掉页面时存一次；没存上就再试，登录过期或别处改过就停下来说明。
// 没有它，“存为草稿”“保存并继续”照样能存。填的内容不留在浏览器里，公用电脑上也不会留下。
const PAUSE = 1500, LONGEST = 30000;
const form = document.querySelector("form[data-draft]");
const status = form?.querySelector("[data-saved]");
let timer = 0, wait = PAUSE, sending = null, heard, dirty = false, stopped = false, leaving = false;

const say = (key, at = "") => { status.textContent = status.dataset[key].replace("{at}", at); };

function typed() {
  const body = new FormData(form);
  body.set("go", "auto");
  return body;
}

function later(ms) {
  clearTimeout(timer);
  if (!stopped) timer = setTimeout(save, ms);
}

function stop(key) {
  stopped = true;
  say(key);
}

// 只问还用得着的：别的答案已经定了的，就不再问；照现在填的不符合的，马上说
function ask({ foreseen, skipped = [], required = [] }) {
  for (const question of form.querySelectorAll("[data-question]")) {
    const name = question.dataset.question;
    question.hidden = skipped.includes(name);
    question.querySelectorAll(".opt").forEach((mark) => { mark.hidden = required.includes(name); });
  }
  const place = document.getElementById("foreseen");
  if (place && foreseen !== undefined && foreseen !== heard) place.innerHTML = heard = foreseen; // 没有变就不重念
}

async function send() {
  const answer = await fetch(form.action, { method: "POST", body: typed(), redirect: "manual", headers: { accept: "application/json" } });
  if (answer.type === "opaqueredirect" || answer.status === 403) return stop("expired");
  if (answer.status === 409) return stop("conflict");
  if (!answer.ok) throw new Error(String(answer.status));
  const told = await answer.json();
  form.elements.rev.value = told.rev;
  ask(told);
  wait = PAUSE;
  say("done", told.at);
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

if (form && status) {
  form.addEventListener("input", () => { dirty = true; later(PAUSE); });
  form.addEventListener("change", () => { dirty = true; later(200); });
  addEventListener("online", () => later(0));
  addEventListener("pagehide", () => { if (dirty && !stopped && !leaving) navigator.sendBeacon(form.action, typed()); });
  addEventListener("beforeunload", (event) => { if (dirty && wait > PAUSE && !leaving) event.preventDefault(); });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!sending) { leaving = true; return; }
    event.preventDefault(); // 正在存的先存完，免得自己和自己冲突
    const button = event.submitter;
    sending.catch(() => {}).finally(() => { leaving = true; form.requestSubmit(button); });
  });
  addEventListener("pageshow", () => { leaving = false; });
}
