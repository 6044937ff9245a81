// Counts down how long a case is held; work on the page is a sign of life. The page says the time without this.

const box = document.querySelector("[data-lease]");
const there = document.querySelector("[data-presence]");
const EVERY = 60_000;
// A page that nobody touches is left: it says no more that somebody is there, so that the session can end.
const AWAY = 300_000;
let until = box ? Date.parse(box.dataset.until) : 0;
let touched = Date.now();
let asked = touched;

function left() {
  const seconds = Math.max(0, Math.round((until - Date.now()) / 1000));
  return { seconds, text: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} ${box.dataset.minutes}` };
}

function lost(text) {
  until = 0;
  box.classList.add("bad");
  box.querySelector("p").textContent = text;
}

async function beat() {
  asked = Date.now();
  const csrf = box.querySelector("[name=csrf]").value;
  const answer = await fetch(box.dataset.lease, { method: "POST", headers: { "X-CSRF-Token": csrf } });
  if (answer.status === 409) lost(box.dataset.lost);
  if (!answer.ok) return;
  until = Date.parse((await answer.json()).held_until);
  box.querySelector("[data-until-text]").textContent = `${new Date(until).toISOString().slice(11, 16)} UTC`;
}

function tick() {
  if (!until) return;
  const now = left();
  box.querySelector("[data-left]").textContent = now.text;
  if (!now.seconds) return lost(box.dataset.over);
  if (touched > asked && Date.now() - asked > EVERY) beat().catch(() => {});
}

async function look() {
  if (document.hidden || Date.now() - touched > AWAY) return;
  const answer = await fetch(there.dataset.presence, { method: "POST", headers: { "X-CSRF-Token": there.dataset.csrf } });
  const words = answer.ok ? await answer.text() : there.textContent;
  if (words !== there.textContent) there.textContent = words;
}

for (const kind of ["keydown", "pointerdown", "scroll"]) {
  document.addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
}
if (there) setInterval(() => look().catch(() => {}), 30_000);
if (box) {
  box.setAttribute("aria-live", "off");
  setInterval(tick, 1000);
  tick();
}
