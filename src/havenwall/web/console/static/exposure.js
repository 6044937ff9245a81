// Takes a revealed picture away after its time, and says when the page is left. Without this the server counts
// the longest time.

const form = document.querySelector("[data-exposure]");
let gone = false;

function left() {
  if (gone) return;
  gone = true;
  document.querySelector(".revealed")?.remove();
  navigator.sendBeacon(form.action, new URLSearchParams(new FormData(form)));
}

if (form) {
  form.addEventListener("submit", () => { gone = true; });
  addEventListener("pagehide", left);
  setTimeout(() => form.requestSubmit(), Number(form.dataset.exposure) * 1000);
}
