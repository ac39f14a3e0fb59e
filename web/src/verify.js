// 证照核验：编码在网址的 # 之后，浏览器不会把它发给服务器；这里读出来，放在 POST 的正文里送去核验，
// 只换结果那一块。没有脚本时，两张表单照样能交。
const result = document.getElementById("result");
const forms = [...document.querySelectorAll("form[data-fragment], form[data-part]")];

const check = async (form) => {
  const button = form.querySelector("button");
  if (button.disabled) return;
  const waiting = setTimeout(() => result.setAttribute("aria-busy", "true"), 300);
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Part": "result" } });
    if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
    result.innerHTML = await answer.text();
    const heading = result.querySelector("h1");
    document.title = document.title.replace(/^.* - /, `${heading?.textContent ?? result.dataset.title} - `);
    result.focus({ preventScroll: true });
    result.scrollIntoView({ block: "start" });
    if (answer.ok) form.reset();
  } catch {
    if (navigator.onLine === false) say(result.dataset.offline);
    else form.submit(); // 让整页来说出了什么问题
  } finally {
    clearTimeout(waiting);
    result.removeAttribute("aria-busy");
    button.disabled = false;
  }
};

const say = (text) => {
  const line = document.createElement("p");
  line.className = "t-bad";
  line.setAttribute("role", "alert");
  line.textContent = text;
  result.prepend(line);
};

for (const form of forms) {
  form.addEventListener("submit", (event) => { event.preventDefault(); check(form); });
}

const readFragment = () => {
  if (location.hash.length < 8) return;
  let code = location.hash.slice(1);
  try { code = decodeURIComponent(code); } catch { /* 百分号不成对：原样送去，服务器会说看不懂 */ }
  const form = document.querySelector("form[data-fragment]");
  form.elements.namedItem(form.dataset.fragment).value = code;
  history.replaceState(null, "", location.pathname + location.search); // 不留在历史记录里
  check(form);
};
addEventListener("hashchange", readFragment);
readFragment();
