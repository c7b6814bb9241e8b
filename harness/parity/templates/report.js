"use strict";
// The page shows its first failures without scripts. With them, all failures can be unfolded,
// filtered, linked to and copied.
{% include "report/dom.js" %}
{% include "report/data.js" %}
{% include "report/card.js" %}
{% include "report/list.js" %}
{% include "report/filter.js" %}
{% include "report/walk.js" %}

for (const box of document.querySelectorAll(".copy")) addCopyButton(box);
for (const list of document.querySelectorAll("[data-list]")) {
  list.addEventListener("toggle", () => {
    const all = data.lists[Number(list.dataset.list)];
    list.querySelector("ul").replaceChildren(...all.map((item) => h("li", item)));
  }, { once: true });
}
tools.hidden = items.length < 2;
textField.addEventListener("input", () => {
  setText(textField.value);
  changed();
});
document.getElementById("clear").addEventListener("click", clearFilters);
document.getElementById("expand").addEventListener("click", expand);
document.getElementById("collapse").addEventListener("click", collapseAll);
document.getElementById("show-keys").addEventListener("click", keys["?"]);
document.addEventListener("keydown", onKey);
addEventListener("hashchange", followAddress);
addEventListener("popstate", followQuery);
addEventListener("beforeprint", notePrint);
addEventListener("resize", measure);
readQuery();
apply();
followAddress();
measure();
