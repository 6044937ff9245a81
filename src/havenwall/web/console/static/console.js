// Keys and small comforts. Every page works without this file.

const form = document.querySelector("[data-decide]");
const help = document.querySelector("#help");
const rows = [...document.querySelectorAll("[data-rows] tbody tr")];
const boxes = rows.map((row) => row.querySelector("input[type=checkbox]")).filter(Boolean);
const why = form?.querySelector("textarea");
let active = -1;

function fillFromFragment() {
  const field = document.querySelector("[data-from-fragment]");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!field || !code) return;
  field.value = code;
  // The code must not stay in the address bar or the history.
  history.replaceState(null, "", location.pathname);
  field.form.querySelector("button").focus();
}

function go(to) {
  if (!rows.length) return;
  active = Math.min(Math.max(to, 0), rows.length - 1);
  rows.forEach((row, at) => row.classList.toggle("active", at === active));
  const target = boxes[active] ?? rows[active].querySelector("a");
  target.focus({ preventScroll: true });
  rows[active].scrollIntoView({ block: "nearest" });
}

function step(by, key) {
  if (rows.length) return go(active + by);
  document.querySelector(`[data-key="${key}"]`)?.click();
}

function count() {
  const told = form?.querySelector("[data-selected]");
  if (!told) return;
  const chosen = boxes.filter((box) => box.checked).length;
  told.textContent = chosen ? `${chosen} selected` : "Select accounts in the table.";
  document.querySelector("[data-selected-short]").textContent = chosen ? ` ${chosen}` : "";
  const all = document.querySelector("[data-all]");
  all.checked = chosen === boxes.length;
  all.indeterminate = chosen > 0 && chosen < boxes.length;
}

function select() {
  const box = boxes[active];
  if (!box) return;
  box.checked = !box.checked;
  count();
}

function choose(verb) {
  if (!form) return;
  // With nothing selected the account in hand is meant.
  if (boxes.length && !boxes.some((box) => box.checked)) select();
  form.querySelector(`[name=verb][value=${verb}]`).checked = true;
  why.focus();
}

const keys = {
  j: () => step(1, "j"),
  k: () => step(-1, "k"),
  x: select,
  o: () => rows[active]?.querySelector("a")?.click(),
  c: () => choose("confirm"),
  r: () => choose("clear"),
  "/": () => document.querySelector("#q")?.focus(),
  "?": () => help?.showModal(),
};

function typing(target) {
  return target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help?.open) return;
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (event.target === why) return onReasonKey(event);
  if (event.key === "Enter" && boxes.includes(event.target)) {
    // A browser would send the form; in the table Enter opens the account.
    event.preventDefault();
    return keys.o();
  }
  if (typing(event.target) || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
}

function onReasonKey(event) {
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  form.requestSubmit();
}

function light(event) {
  const node = event.target.closest?.(".network a");
  document.querySelectorAll(".tie.lit").forEach((tie) => tie.remove());
  const svg = node?.ownerSVGElement;
  if (!svg) return;
  // An account's own ties end or begin where it stands.
  const { e, f } = node.transform.baseVal.consolidate().matrix;
  const here = `${e} ${f}`;
  const own = [...svg.querySelectorAll(".tie")].flatMap((tie) =>
    tie.getAttribute("d").split("M").filter((line) => line.split("L").includes(here)));
  const lit = document.createElementNS(svg.namespaceURI, "path");
  lit.setAttribute("class", "tie lit");
  lit.setAttribute("d", own.map((line) => `M${line}`).join(""));
  svg.insertBefore(lit, svg.querySelector("a"));
}

function setUp() {
  fillFromFragment();
  document.addEventListener("keydown", onKey);
  const drawing = document.querySelector(".network");
  drawing?.addEventListener("pointerover", light);
  drawing?.addEventListener("pointerleave", light);
  const opener = document.querySelector("[data-help]");
  if (opener) opener.hidden = false;
  opener?.addEventListener("click", keys["?"]);
  const all = document.querySelector("[data-all]");
  if (all) all.hidden = false;
  all?.addEventListener("change", () => {
    boxes.forEach((box) => { box.checked = all.checked; });
    count();
  });
  boxes.forEach((box, at) => {
    box.addEventListener("change", count);
    box.addEventListener("focus", () => { if (at !== active) go(at); });
  });
  form?.addEventListener("submit", () => { form.querySelector("button").disabled = true; });
  count();
}

setUp();
