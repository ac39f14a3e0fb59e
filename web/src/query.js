// 查询页：编辑框带高亮和补全；没有脚本时就是普通的文本框。Ctrl+Enter 运行。
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { Prec } from "@codemirror/state";
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, defaultHighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { setDiagnostics } from "@codemirror/lint";

const box = document.querySelector("textarea[data-sql]");
if (box) {
  const tables = JSON.parse(document.getElementById(box.dataset.sql).textContent); // { 表: [{ label, detail }] }
  const run = () => { box.form.requestSubmit(box.form.querySelector("[data-run]")); return true; };
  // 在影子根里，编辑器的样式表是构造出来的，不用内联样式，内容安全策略照旧
  const host = document.createElement("div");
  host.className = "sql-editor";
  host.setAttribute("contenteditable", "false"); // 页面的单键快捷键不抢这里的字
  box.after(host);
  const root = host.attachShadow({ mode: "open" });
  const view = new EditorView({
    root, parent: root,
    doc: box.value,
    extensions: [
      EditorView.theme({
        "&": { minHeight: "11rem", maxHeight: "30rem", fontSize: "var(--t-s)", color: "var(--ink)", backgroundColor: "var(--surface)" },
        "&.cm-focused": { outline: "3px solid var(--focus)" },
        ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.6", minHeight: "11rem" },
        ".cm-gutters": { backgroundColor: "var(--sunk)", color: "var(--ink-3)", borderRight: "1px solid var(--line)" },
        ".cm-tooltip": { backgroundColor: "var(--surface)", border: "1px solid var(--line-2)" },
      }),
      Prec.highest(keymap.of([{ key: "Ctrl-Enter", mac: "Cmd-Enter", run }])),
      // 不用 basicSetup：其中的十字光标要写内联样式
      lineNumbers(), highlightActiveLineGutter(), highlightActiveLine(), history(), drawSelection(), indentOnInput(),
      syntaxHighlighting(defaultHighlightStyle), bracketMatching(), closeBrackets(), autocompletion(),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      sql({ dialect: PostgreSQL, schema: tables, upperCaseKeywords: true }),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": box.labels[0]?.textContent.trim() ?? "SQL", "aria-describedby": box.getAttribute("aria-describedby") ?? "" }),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        box.value = update.state.doc.toString();
        box.dispatchEvent(new Event("input", { bubbles: true })); // 边写边存
      }),
    ],
  });
  box.hidden = true;
  box.labels[0]?.addEventListener("click", () => view.focus());

  const { line, column, problem } = box.dataset;
  if (line) {
    const at = view.state.doc.line(Math.min(Number(line), view.state.doc.lines));
    const from = Math.min(at.from + Math.max(Number(column) - 1, 0), at.to);
    const word = view.state.wordAt(from);
    view.dispatch(setDiagnostics(view.state, [{ from, to: word?.to ?? Math.min(from + 1, view.state.doc.length), severity: "error", message: problem }]));
  }

  // 点表名、列名，写到光标处
  for (const button of document.querySelectorAll("[data-insert]")) {
    button.addEventListener("click", () => {
      view.dispatch(view.state.replaceSelection(button.dataset.insert));
      view.focus();
    });
  }
}
