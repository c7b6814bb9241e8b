"use strict";
// The page works without scripts; this adds copy buttons, a filter, and links into folded parts.
for (const box of document.querySelectorAll(".copy")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "copy";
  button.addEventListener("click", async () => {
    button.textContent = await copy(box.querySelector("pre")) ? "copied" : "selected";
    setTimeout(() => { button.textContent = "copy"; }, 1500);
  });
  box.append(button);
}
// A page that was not loaded over HTTPS has no `navigator.clipboard`; its text is selected instead.
async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return document.execCommand("copy");
  }
}
const groups = [...document.querySelectorAll(".group")];
const filter = document.querySelector(".tools input");
if (filter && groups.length > 3) {
  filter.hidden = false;
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const group of groups) {
      group.hidden = wanted !== "" && !group.textContent.toLowerCase().includes(wanted);
    }
  });
}
function unfold() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let node = target; node; node = node.parentElement) {
    if (node.tagName === "DETAILS") node.open = true;
  }
  target.scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();
