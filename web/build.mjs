/* Build what the portals send to a browser, and the font the PDF sheets are set in.

   node build.mjs [OUT]      OUT is ../static_build unless named; sizes are printed.

   city.css     govuk-frontend in our dress, tokens, frame, components: every page
   officer.css  the desk; rules.css  the rule book; lake.css  the lake; bpmn-view.css  the process diagram
   app.js       every page; live.js  every page of who is signed in; kept.js  the same; officer.js  the desk; bpmn-view.js, chart.js, draft.js, query.js, table.js, verify.js  only where used
   fonts/       Noto Sans SC for documents set by the server, with its licence; no page loads it */
import esbuild from "esbuild";
import * as sass from "sass";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(here, "..", "static_build"));
const modules = path.join(here, "node_modules");
const draft = `${out}.part`; // an interrupted build leaves the former one whole

fs.rmSync(draft, { recursive: true, force: true });
fs.cpSync(path.join(here, "static"), draft, { recursive: true });

const shared = {
  bundle: true, minify: true, outdir: draft, logLevel: "warning", legalComments: "linked",
  loader: { ".svg": "file", ".woff": "file", ".woff2": "file", ".ttf": "file", ".eot": "file" },
};
await esbuild.build({
  ...shared, format: "esm", target: "es2022",
  entryPoints: ["app", "live", "officer", "bpmn-view", "chart", "draft", "kept", "query", "table", "verify"].map((name) => path.join(here, "src", `${name}.js`)),
});
await esbuild.build({
  ...shared, target: ["chrome100", "safari15.4", "firefox100"],
  entryPoints: ["city", "lake", "officer", "rules"].map((name) => path.join(here, "css", `${name}.css`)),
});

// One sheet for a page's first visit: the base we dress comes first, our dress after it.
const govuk = sass.compile(path.join(here, "src", "govuk.scss"), { loadPaths: [modules], style: "compressed", quietDeps: true });
const sheet = path.join(draft, "city.css");
fs.writeFileSync(sheet, govuk.css.replace(/^\uFEFF/, "") + fs.readFileSync(sheet, "utf8"));

const font = path.join(modules, "@expo-google-fonts", "noto-sans-sc");
fs.mkdirSync(path.join(draft, "fonts"));
for (const [weight, name] of [["400Regular", "NotoSansSC_400Regular.ttf"], ["700Bold", "NotoSansSC_700Bold.ttf"]]) {
  fs.copyFileSync(path.join(font, weight, name), path.join(draft, "fonts", name));
}
fs.copyFileSync(path.join(font, "LICENSE_FONT"), path.join(draft, "fonts", "OFL.txt"));

fs.rmSync(out, { recursive: true, force: true });
fs.renameSync(draft, out);

for (const name of fs.readdirSync(out).filter((name) => /\.(css|js|svg)$/.test(name)).sort()) {
  const bytes = fs.readFileSync(path.join(out, name));
  const packed = zlib.gzipSync(bytes, { level: 9 }).length;
  console.log(name.padEnd(16), `${(bytes.length / 1024).toFixed(1)} KB`.padStart(10), `${(packed / 1024).toFixed(1)} KB gzip`.padStart(14));
}
