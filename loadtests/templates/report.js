// Shows the values of a chart at the pointer, below the chart. The tables have all figures without it.
"use strict";
for (const plot of document.querySelectorAll("svg.plot")) {
  const [left, top, right, bottom] = plot.dataset.area.split(" ").map(Number);
  const axis = (text, from, to) => {
    const [scale, ...ends] = text.split(" ");
    const [first, last] = ends.map(Number);
    const there = { linear: (v) => v, logarithmic: Math.log10, percentile: (v) => -Math.log10(1 - v) }[scale];
    const back = { linear: (v) => v, logarithmic: (v) => 10 ** v, percentile: (v) => 1 - 10 ** -v }[scale];
    return (pixel) => back(there(first) + ((there(last) - there(first)) * (pixel - from)) / (to - from));
  };
  const xAt = axis(plot.dataset.x, left, right);
  const yAt = axis(plot.dataset.y, bottom, top);
  const byShare = plot.dataset.x.startsWith("percentile");
  const show = (value) => Number(value.toPrecision(3)).toLocaleString("en");
  const curves = [...plot.querySelectorAll("polyline")].map((line) => ({
    name: line.dataset.name,
    points: line.getAttribute("points").split(" ").map((point) => point.split(",").map(Number)),
  }));
  if (curves.length === 0) continue;
  const ns = "http://www.w3.org/2000/svg";
  const cursor = plot.appendChild(document.createElementNS(ns, "path"));
  cursor.setAttribute("class", "cursor");
  const readOut = document.createElement("p");
  readOut.className = "read-out quiet";
  readOut.textContent = "\u00a0";
  plot.closest("figure").append(readOut);
  plot.addEventListener("pointermove", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(plot.getScreenCTM().inverse()).x;
    if (at < left || at > right) return;
    const nearest = (points) => points.reduce((best, one) => (Math.abs(one[0] - at) < Math.abs(best[0] - at) ? one : best));
    const found = curves.map(({ name, points }) => ({ name, point: nearest(points) }));
    const x = xAt(found[0].point[0]);
    const place = byShare ? `${Number((x * 100).toPrecision(6))} %` : show(x);
    cursor.setAttribute("d", `M${found[0].point[0]} ${top}V${bottom}`);
    readOut.textContent = `${place}: ${found.map(({ name, point }) => `${name} ${show(yAt(point[1]))}`).join(", ")}`;
  });
  plot.addEventListener("pointerleave", () => {
    cursor.removeAttribute("d");
    readOut.textContent = "\u00a0";
  });
}
