// Takes the one-time code out of the link's fragment, which no server sees. Without this it is typed in.

const field = document.querySelector("[data-from-fragment]");
const code = location.hash.slice(1);

function plain(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

if (field && code) {
  field.value = plain(code);
  // The code must not stay in the address bar or the history; the language may.
  history.replaceState(null, "", location.pathname + location.search);
  field.form.querySelector("button").focus();
}
