// Brings the bar of a run up to date. Without this the page is loaded again every few seconds.

const EVERY = 2000;
const bar = document.querySelector("[data-progress] progress");
const words = document.querySelector("[data-progress] p");

async function look() {
  try {
    const answer = await fetch(location.pathname, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-progress]");
    if (!next) return location.reload();
    for (const name of ["max", "value"]) {
      const value = next.querySelector("progress").getAttribute(name);
      if (value !== null) bar.setAttribute(name, value);
    }
    words.textContent = next.querySelector("p").textContent;
  } catch { /* The server is away for a moment: ask again. */ }
  setTimeout(look, EVERY);
}

if (bar) setTimeout(look, EVERY);
