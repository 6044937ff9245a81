// Counts down how long a case is held; work on the page is a sign of life. The page says the time without this.

const box = document.querySelector("[data-lease]");
const EVERY = 60_000;
let until = box ? Date.parse(box.dataset.until) : 0;
let worked = false;
let asked = Date.now();

function left() {
  const seconds = Math.max(0, Math.round((until - Date.now()) / 1000));
  return { seconds, text: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} minutes` };
}

function lost(text) {
  until = 0;
  box.classList.add("bad");
  box.querySelector("p").textContent = text;
}

async function beat() {
  worked = false;
  asked = Date.now();
  const csrf = box.querySelector("[name=csrf]").value;
  const answer = await fetch(box.dataset.lease, { method: "POST", headers: { "X-CSRF-Token": csrf } });
  if (answer.ok) until = Date.parse((await answer.json()).held_until);
  if (answer.status === 409) lost("This case is no longer yours. What you have written stays on this page.");
}

function tick() {
  if (!until) return;
  const now = left();
  box.querySelector("[data-left]").textContent = now.text;
  if (!now.seconds) return lost("Your time is over: the case may go to somebody else.");
  if (worked && Date.now() - asked > EVERY) beat().catch(() => {});
}

const there = document.querySelector("[data-presence]");

async function look() {
  const answer = await fetch(there.dataset.presence, { method: "POST", headers: { "X-CSRF-Token": there.dataset.csrf } });
  const words = answer.ok ? await answer.text() : there.textContent;
  if (words !== there.textContent) there.textContent = words;
}

if (there) setInterval(() => { if (!document.hidden) look().catch(() => {}); }, 30_000);

if (box) {
  for (const kind of ["keydown", "pointerdown", "scroll"]) {
    document.addEventListener(kind, () => { worked = true; }, { passive: true });
  }
  box.setAttribute("aria-live", "off");
  setInterval(tick, 1000);
  tick();
}
