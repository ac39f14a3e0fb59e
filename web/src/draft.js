// 申请表边填边存，存时也知道还要问什么、哪条不符合；登录过期或别处改过就停下来说明。
// 没有它，“存为草稿”“保存并继续”照样能存。填的内容不留在浏览器里，公用电脑上也不会留下。
import { refusal, saveAsTyped } from "./saving.js";

const form = document.querySelector("form[data-draft]");
const status = form?.querySelector("[data-saved]");
let heard;

const say = (key, at = "") => { status.textContent = status.dataset[key].replace("{at}", at); };

function typed() {
  const body = new FormData(form);
  body.set("go", "auto");
  return body;
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
  const ended = refusal(answer);
  if (ended) return ended;
  const told = await answer.json();
  form.elements.rev.value = told.rev;
  ask(told);
  say("done", told.at);
}

if (form && status) saveAsTyped(form, { send, say, leave: () => navigator.sendBeacon(form.action, typed()) });
