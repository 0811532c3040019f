// Cuts the parts of Bootstrap that the pages use into one file, and their icons into one sprite: `npm ci && npm run vendor`.
// The result is committed, so nobody needs npm to run or deploy the project.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const source = join(root, "node_modules", "bootstrap");
const version = JSON.parse(readFileSync(join(source, "package.json"), "utf8")).version;
const css = readFileSync(join(source, "dist", "css", "bootstrap.css"), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");

const sizes = "(-md|-xl)?";
const kept = [
  /^[^.#]+$/, // elements: the reboot
  /^\.btn(:|$| )/, /^\.btn:/, /^\.btn-check/, /^:not\(\.btn-check\) \+ \.btn/,
  /^\.form-(control|select)(:|::|\[|$)/, /^textarea\.form-control$/, /^\.form-check(-input|-label|-inline)?(:|\[|$|\s)/,
  /^\.row( > \*)?$/, new RegExp(`^\\.col${sizes}(-\\d+|-auto)?$`), new RegExp(`^\\.g[xy]?${sizes}-\\d$`),
  new RegExp(`^\\.d${sizes}-(none|block|inline|inline-block|flex|inline-flex|grid)$`),
  /^\.flex-(wrap|nowrap|column|fill|grow-1|shrink-0)$/, /^\.justify-content-(start|end|center|between)$/,
  /^\.align-(items|self)-(start|end|center|baseline|stretch)$/, /^\.gap-\d$/,
  /^\.[mp][tbsexy]?-(\d|auto)$/, /^\.(w-100|w-auto|mw-100|text-(start|end|center|nowrap|break|wrap)|fw-(normal|semibold|bold)|visually-hidden)$/,
  /^\.visually-hidden:not\(caption\)$/, /^\.visually-hidden:not/, /^\.overflow-(auto|hidden)$/, /^\.position-(relative|static)$/,
];
const dropped = [/data-bs-theme/, /^\[type=color\]/, /form-control-(color|plaintext|sm|lg)/, /form-select-(sm|lg)/, /form-switch/, /btn-check/, /::file-selector/];

function rules(text) {
  const found = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf("{", at);
    if (open < 0) break;
    const head = text.slice(at, open).trim();
    let depth = 1, end = open + 1;
    for (; depth; end++) depth += text[end] === "{" ? 1 : text[end] === "}" ? -1 : 0;
    found.push([head.replace(/^@charset[^;]*;/, "").trim(), text.slice(open + 1, end - 1).trim()]);
    at = end;
  }
  return found;
}

function keep(head, body) {
  if (head.startsWith("@media")) {
    const inner = rules(body).map(([h, b]) => keep(h, b)).join("");
    return inner && `${head.replace(/:\s+/g, ":")}{${inner}}`;
  }
  if (head.startsWith("@") || head === ":root,\n[data-bs-theme=light]") return "";
  const selectors = head.split(/,(?![^(]*\))/).map((one) => one.trim())
    .filter((one) => kept.some((rule) => rule.test(one)) && !dropped.some((rule) => rule.test(one)));
  if (!selectors.length) return "";
  const lines = body.split(";").map((line) => line.trim().replace(/^([\w-]+):\s+/, "$1:"))
    // data: pictures become files of our own (static/css/zb.css)
    .filter((line) => line && !/url\("data:|^--bs-form-(select|check)-bg-i|^background-image:|^-webkit-print-color/.test(line));
  return lines.length ? `${selectors.join(",")}{${lines.join(";")}}` : "";
}

const all = rules(css);
let cut = all.map(([head, body]) => keep(head, body)).join("\n").replace(/\n+/g, "\n");
const variables = new Map(all.filter(([head]) => head === ":root,\n[data-bs-theme=light]")
  .flatMap(([, body]) => body.split(";")).map((line) => line.trim().split(/:\s*(.*)/s)).filter(([name]) => name?.startsWith("--bs-")));
const used = new Set();
const collect = (text) => [...text.matchAll(/var\((--bs-[\w-]+)/g)].forEach(([, name]) => {
  if (variables.has(name) && !used.has(name)) { used.add(name); collect(variables.get(name)); }
});
collect(cut);
const basics = `:root{${[...variables].filter(([name]) => used.has(name)).map(([name, value]) => `${name}:${value.trim()}`).join(";")}}`;
cut = `/*! Bootstrap v${version} (https://getbootstrap.com/), MIT, (c) The Bootstrap Authors; parts only, see package.json */\n${basics}\n${cut}\n`;
const target = join(root, "static", "vendor", `bootstrap-${version}`);
mkdirSync(target, { recursive: true });
writeFileSync(join(target, "bootstrap-parts.min.css"), cut);
writeFileSync(join(target, "LICENSE"), readFileSync(join(source, "LICENSE")));

const icons = `archive arrow-down arrow-repeat arrow-return-left arrow-right arrow-right-short arrow-up bell box-arrow-right building
  calendar3 camera caret-down-fill caret-up-fill card-checklist chat-left-text check-circle check2 chevron-down chevron-left chevron-right clipboard-check clock
  cloud-check cloud-slash dash dash-lg display download envelope exclamation-triangle eye eye-slash file-earmark-arrow-down file-earmark-text flag fonts gear geo-alt
  grip-vertical house image info-circle journal-check journal-text key layers lightbulb link-45deg list lock megaphone mic paperclip pause-fill pencil pencil-square
  people person person-plus play-fill plus-lg printer qr-code-scan question-circle search shield-check slash-circle stopwatch telephone trash universal-access
  upload volume-up x-lg`.split(/\s+/);
const drawn = icons.map((name) => readFileSync(join(root, "node_modules", "bootstrap-icons", "icons", `${name}.svg`), "utf8")
  .replace(/<svg[^>]*>/, `<symbol id="${name}" viewBox="0 0 16 16">`).replace("</svg>", "</symbol>").replace(/>\s+</g, "><").trim());
writeFileSync(join(root, "static", "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Bootstrap Icons, MIT, (c) The Bootstrap Authors -->\n${drawn.join("\n")}\n</svg>\n`);
console.log(`${(cut.length / 1024).toFixed(1)} KB of styles, ${icons.length} icons`);
