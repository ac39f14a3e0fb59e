// 登录后的页面用：消息数、消息页、收件箱自己更新，不用刷新。
// 看得见的页面才连，藏起来就断（浏览器对一个网站最多六条连接）；回来时从听到的地方接着听。
// 连不上也不要紧：页面照旧，只是不自己更新。
const said = document.getElementById("live");
const bell = document.querySelector("[data-bell]");
const HIDDEN_MS = 10_000; // 切走多久才断
const REFRESH_MS = 3_000; // 一块内容最快多久换一次
const AGAIN_MS = [5_000, 300_000]; // 浏览器不再重连时，自己隔多久再试

let source = null;
let heard = document.querySelector("[data-heard]")?.dataset.heard ?? "";
let again = AGAIN_MS[0];
let over = false;
let closing = 0;

const say = (words) => { said.textContent = words; };

function open() {
  clearTimeout(closing);
  if (source || over || document.hidden) return;
  source = new EventSource(`${said.dataset.url}${heard ? `?after=${heard}` : ""}`);
  const on = (kind, act) => source.addEventListener(kind, (event) => {
    heard = event.lastEventId || heard;
    again = AGAIN_MS[0];
    act(event);
  });
  on("notices", (event) => tellNotices(JSON.parse(event.data)));
  on("inbox", () => refresh("inbox"));
  source.addEventListener("bye", () => { over = true; shut(); }); // 已退出登录
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return; // 浏览器自己会再连
    shut();
    closing = setTimeout(open, again);
    again = Math.min(again * 2, AGAIN_MS[1]);
  });
}

function shut() {
  clearTimeout(closing);
  source?.close();
  source = null;
}

// —— 消息 ——
const told = new Set();
let unread = Number(bell?.dataset.bell ?? 0);

function tellNotices({ unread: now, new: fresh }) {
  const news = fresh.filter(({ id }) => !told.has(id));
  for (const { id } of news) told.add(id);
  if (now === unread && !news.length) return;
  unread = now;
  if (bell) showCount();
  if (news.length) say(said.dataset.new.replace("{title}", news.at(-1).title));
  refresh("notices");
}

function showCount() {
  bell.setAttribute("aria-label", unread ? bell.dataset.some.replace("{n}", unread) : bell.dataset.none);
  let badge = bell.querySelector(".badge");
  if (!unread) { badge?.remove(); return; }
  if (!badge) {
    badge = Object.assign(document.createElement("span"), { className: "badge" });
    badge.setAttribute("aria-hidden", "true");
    bell.append(badge);
  }
  badge.textContent = unread;
}

// —— 换一块内容：data-live 写着它听哪一种事件；勾选的、填写的、展开的、光标所在的都留着 ——
const busy = new Map(); // 种类 → 换过之后还要不要再换

async function refresh(kind) {
  if (!document.querySelector(`[data-live~="${kind}"]`)) return;
  if (busy.has(kind)) { busy.set(kind, true); return; }
  busy.set(kind, false);
  try { await fetchRegions(kind); } catch { /* 断网：等下一次事件 */ }
  setTimeout(() => {
    const more = busy.get(kind);
    busy.delete(kind);
    if (more) refresh(kind);
  }, REFRESH_MS);
}

async function fetchRegions(kind) {
  // X-Background：这不是人在操作，登录时限不因它延长
  const answer = await fetch(location.href, { headers: { "X-Background": "1" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const region of document.querySelectorAll(`[data-live~="${kind}"]`)) {
    const fresh = page.getElementById(region.id);
    if (!fresh) continue;
    await untilIdle(region);
    const changed = region.textContent !== fresh.textContent;
    swap(region, fresh);
    if (changed && kind === "inbox") say(said.dataset.inbox);
  }
}

// 正在里面打字或选择，就等他离开
function untilIdle(region) {
  const typing = () => region.contains(document.activeElement)
    && document.activeElement.matches("select, textarea, input:not([type=checkbox], [type=radio])");
  if (!typing()) return Promise.resolve();
  return new Promise((done) => region.addEventListener("focusout", () => setTimeout(done), { once: true }));
}

function swap(region, fresh) {
  const ticked = new Set([...region.querySelectorAll("input:checked")].map((box) => `${box.name}=${box.value}`));
  const typed = [...region.querySelectorAll("input[type=text][id], select[id], textarea[id]")].map((box) => [box.id, box.value]);
  const unfolded = [...region.querySelectorAll("details[id][open]")].map((one) => one.id);
  const focus = region.contains(document.activeElement) ? nameOf(document.activeElement) : "";
  region.replaceChildren(...fresh.childNodes);
  for (const box of region.querySelectorAll("input[type=checkbox]")) box.checked = ticked.has(`${box.name}=${box.value}`);
  for (const [id, value] of typed) { const box = region.querySelector(`#${id}`); if (box) box.value = value; }
  for (const id of unfolded) region.querySelector(`#${id}`)?.setAttribute("open", "");
  if (focus) [...region.querySelectorAll("a, button, input, summary")].find((one) => nameOf(one) === focus)?.focus();
  region.dispatchEvent(new CustomEvent("refreshed", { bubbles: true }));
}

const nameOf = (one) => one.getAttribute("href") ?? (one.name ? `${one.name}=${one.value}` : one.textContent);

if (said && "EventSource" in window) {
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) open();
    else { clearTimeout(closing); closing = setTimeout(shut, HIDDEN_MS); }
  });
  addEventListener("pagehide", shut);
  addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  open();
}
