// The command palette: pages, what can be done on this page, and cases. Loaded when it is first opened.

const dialog = document.querySelector("#palette");
const field = dialog.querySelector("input");
const list = dialog.querySelector("[role=listbox]");
const told = dialog.querySelector("[role=status]");
const words = dialog.dataset;
let entries = [];
let active = 0;
let asked = null;
let timer = 0;

function own() {
  const pages = [...document.querySelectorAll(".places a")].map((link) =>
    ({ kind: words.page, text: link.textContent.trim(), act: () => link.click() }));
  const buttons = [...document.querySelectorAll("main button, main summary, main a.button")]
    .filter((each) => !each.disabled && each.checkVisibility())
    .map((each) => ({ kind: words.action, text: each.textContent.replace(/\s+/g, " ").trim(), act: () => run(each) }));
  return [...pages, ...buttons].filter((entry) => entry.text);
}

function run(target) {
  target.scrollIntoView({ block: "center" });
  target.focus();
  // What sends a form is brought before the person; they press it themselves.
  if (target.matches("summary, a, [type=button]")) target.click();
}

function show(found) {
  entries = found.slice(0, 30);
  list.replaceChildren(...entries.map((entry, at) => {
    const row = document.createElement("li");
    row.id = `palette-${at}`;
    row.setAttribute("role", "option");
    row.append(entry.text, Object.assign(document.createElement("small"), { textContent: entry.kind }));
    row.addEventListener("click", () => choose(at));
    return row;
  }));
  told.textContent = entries.length ? "" : words.nothing;
  mark(0);
}

function mark(to) {
  active = Math.min(Math.max(to, 0), Math.max(entries.length - 1, 0));
  [...list.children].forEach((row, at) => row.setAttribute("aria-selected", at === active));
  field.setAttribute("aria-activedescendant", entries.length ? `palette-${active}` : "");
  list.children[active]?.scrollIntoView({ block: "nearest" });
}

function choose(at) {
  const entry = entries[at];
  if (!entry) return;
  dialog.close();
  entry.act();
}

async function cases(text) {
  asked?.abort();
  asked = new AbortController();
  const answer = await fetch(`/v1/cases?limit=8&q=${encodeURIComponent(text)}`, { signal: asked.signal });
  if (!answer.ok) return [];
  return (await answer.json()).items.map((one) =>
    ({ kind: `${words.case} ${one.id}`, text: one.title, act: () => location.assign(`/cases/${encodeURIComponent(one.id)}`) }));
}

function narrow() {
  const text = field.value.trim();
  const fitting = own().filter((entry) => entry.text.toLowerCase().includes(text.toLowerCase()));
  show(fitting);
  clearTimeout(timer);
  if (text.length < 2 || !words.cases) return;
  timer = setTimeout(() => cases(text).then((found) => show([...fitting, ...found])).catch(() => {}), 150);
}

export function opened() {
  narrow();
  if (dialog.entered && dialog.open) choose(active);
  dialog.onkeydown = dialog.entered = null;
}

dialog.addEventListener("close", () => { field.value = ""; });
field.addEventListener("input", narrow);
field.addEventListener("keydown", (event) => {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (!(event.key in steps) && event.key !== "Enter") return;
  event.preventDefault();
  if (event.key === "Enter") choose(active);
  else mark(active + steps[event.key]);
});
