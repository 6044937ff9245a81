// Shows the ties of the account under the pointer. Loaded when the pointer first reaches a drawing.

const drawing = document.querySelector(".network");

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

drawing.addEventListener("pointerover", light);
drawing.addEventListener("pointerleave", light);
const under = drawing.querySelector("a:hover");
if (under) light({ target: under });
