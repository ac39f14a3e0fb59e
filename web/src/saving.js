// 边填边存的共同部分：停下来一秒半、改了选项、重新连上网时存；没存上就再试，越等越久；不能再存了就停下来说明。
// send 把现在填的存一次：存上了不返回，不能再存了返回说明的名字，没存上就抛错。leave 在离开页面时送最后一次。
const PAUSE = 1500, LONGEST = 30000;

export function refusal(answer) {
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return "expired";
  if (answer.status === 409) return "conflict";
  if (!answer.ok) throw new Error(String(answer.status));
  return "";
}

export function saveAsTyped(form, { send, leave, say }) {
  let timer = 0, wait = PAUSE, sending = null, dirty = false, stopped = false, leaving = false;
  const later = (ms) => { clearTimeout(timer); if (!stopped) timer = setTimeout(save, ms); };

  async function save() {
    if (stopped || sending || !dirty) return;
    dirty = false;
    say("saving");
    sending = send();
    try {
      const ended = await sending;
      if (ended) { stopped = true; say(ended); }
      wait = PAUSE;
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
  addEventListener("pagehide", () => { if (dirty && !stopped && !leaving) leave(); });
  addEventListener("beforeunload", (event) => { if (dirty && wait > PAUSE && !leaving) event.preventDefault(); });
  addEventListener("pageshow", () => { leaving = false; });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!sending) { leaving = true; return; }
    event.preventDefault(); // 正在存的先存完，免得自己和自己冲突
    const button = event.submitter;
    sending.catch(() => {}).finally(() => { leaving = true; form.requestSubmit(button); });
  });
  return {
    isDirty: () => dirty,
    begin: () => { clearTimeout(timer); dirty = stopped = false; },
  };
}
