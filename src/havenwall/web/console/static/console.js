// Keys and small comforts. Every page works without this file.
const form = document.querySelector("[data-decide]");
const help = document.querySelector("#help");
const rows = [...document.querySelectorAll("table.cards tbody tr")];
const boxes = rows.map((row) => row.querySelector("input[type=checkbox]"));
const ticks = boxes.filter(Boolean);
const why = form?.querySelector("textarea");
let active = -1;
let sent = false;

function go(to) {
  if (!rows.length) return;
  active = Math.min(Math.max(to, 0), rows.length - 1);
  rows.forEach((row, at) => row.classList.toggle("active", at === active));
  const target = boxes[active] ?? rows[active].querySelector("a, button");
  target?.focus({ preventScroll: true });
  rows[active].scrollIntoView({ block: "nearest" });
}

function step(by, key) {
  if (rows.length) return go(active + by);
  document.querySelector(`[data-key="${key}"]`)?.click();
}

function count() {
  const told = form?.querySelector("[data-selected]");
  const all = document.querySelector("[data-all]");
  if (!told || !all) return;
  const chosen = ticks.filter((box) => box.checked).length;
  told.textContent = chosen ? told.dataset.selected.replace("0", chosen) : told.dataset.none;
  document.querySelector("[data-selected-short]").textContent = chosen ? ` ${chosen}` : "";
  all.checked = chosen === ticks.length;
  all.indeterminate = chosen > 0 && chosen < ticks.length;
}

function select() {
  const box = boxes[active];
  if (!box) return;
  box.checked = !box.checked;
  count();
}

function choose(verb) {
  const choice = form?.querySelector(`[name=verb][value=${verb}]`);
  if (!choice) return;
  // With nothing selected the account in hand is meant.
  if (ticks.length && !ticks.some((box) => box.checked)) select();
  choice.checked = true;
  why.focus();
}

const press = (name) => document.querySelector(`[data-do="${name}"]`)?.click();
function palette() {
  // Open at once, so that what is pressed meanwhile counts; only those who use it load it.
  const dialog = document.querySelector("#palette");
  dialog.onkeydown = (event) => { if (event.key === "Enter") dialog.entered = !event.preventDefault(); };
  dialog.showModal();
  import("/static/palette.js").then((made) => made.opened());
}

const acts = {
  palette,
  help: () => help.showModal(),
  take: () => (document.querySelector("[data-do=take]") ? press("take") : location.assign("/queues")),
  next: () => step(1, "j"),
  previous: () => step(-1, "k"),
  open: () => rows[active]?.querySelector("a")?.click(),
  select,
  find: () => document.querySelector("#q")?.focus(),
  confirm: () => choose("confirm"),
  clear: () => choose("clear"),
  hide: () => press("hide"),
  skip: () => press("skip"),
  send: () => form?.requestSubmit(),
  send_next: () => press("send_next"),
};

// The help says which key does what; each person can set their own.
const keys = Object.fromEntries(
  [...document.querySelectorAll("#help [data-act]")].map((line) => [line.dataset.key, acts[line.dataset.act]]));

function typing(target) {
  return target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
}

function onKey(event) {
  if (event.isComposing || !help || document.querySelector("dialog[open]")) return;
  if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    return palette();
  }
  if (event.target === why && !event.altKey) return onReasonKey(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (event.key === "Enter" && boxes.includes(event.target)) {
    // A browser would send the form; in the table Enter opens what the row is about.
    event.preventDefault();
    return acts.open();
  }
  if (typing(event.target) || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
}

function onReasonKey(event) {
  if (event.key === "Escape") return why.blur();
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  if (event.ctrlKey || event.metaKey) press("send_next");
  else form.requestSubmit();
}

function setUp() {
  document.querySelector(".places [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  document.addEventListener("keydown", onKey);
  document.querySelector(".network")
    ?.addEventListener("pointerover", () => import("/static/drawing.js"), { once: true });
  for (const [opener, act] of [["help", acts.help], ["palette", palette]]) {
    for (const button of document.querySelectorAll(`[data-opens=${opener}]`)) {
      button.hidden = false;
      button.addEventListener("click", act);
    }
  }
  const all = document.querySelector("[data-all]");
  if (all) all.hidden = false;
  all?.addEventListener("change", () => { ticks.forEach((box) => { box.checked = all.checked; }); count(); });
  boxes.forEach((box, at) => {
    if (!box) return;
    box.addEventListener("change", count);
    box.addEventListener("focus", () => { if (at !== active) go(at); });
  });
  form?.addEventListener("submit", once);
  // Whoever comes back by the browser's button finds the page as it was left.
  addEventListener("pageshow", () => { sent = false; });
  count();
}

function once(event) {
  if (sent) event.preventDefault();
  sent = true;
}

setUp();
