// Elements. Every text of an answer becomes a text node, so no answer can become markup.

// h("p.quiet", "a text", element): an element with classes and children; false ones are left out.
function h(tag, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length > 0) element.className = classes.join(" ");
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== false && child !== ""));
  return element;
}

function button(label, act) {
  const element = h("button", label);
  element.type = "button";
  element.addEventListener("click", () => act(element));
  return element;
}

// A details element whose content is built when it is unfolded for the first time.
function folded(tag, summary, build) {
  const element = h(tag, h("summary", summary));
  element.fill = () => {
    if (element.childElementCount === 1) element.append(...[build()].flat(Infinity));
    measure();
  };
  element.unfold = () => {
    element.open = true;
    element.fill();
  };
  element.addEventListener("toggle", () => element.open && element.fill());
  return element;
}

// A message with code in backticks.
function prose(message) {
  return message.split(/`([^`]*)`/).map((part, index) => index % 2 === 1 ? h("code", part) : part);
}

function thousands(count) {
  return count.toLocaleString("en");
}

function counted(count, noun) {
  return `${thousands(count)} ${noun}${count === 1 ? "" : "s"}`;
}

// A part that scrolls must be reachable by keyboard. Measuring is slow, so it is done once a frame.
let isMeasuring = false;
function measure() {
  if (isMeasuring) return;
  isMeasuring = true;
  requestAnimationFrame(() => {
    isMeasuring = false;
    const elements = [...document.querySelectorAll("pre, .scroll, .chips")];
    const scrolling = elements.map((element) => element.scrollHeight > element.clientHeight || element.scrollWidth > element.clientWidth);
    elements.forEach((element, index) => {
      if (scrolling[index]) element.tabIndex = 0;
      else element.removeAttribute("tabindex");
    });
  });
}

// A page that was not loaded over HTTPS has no `navigator.clipboard`. When nothing can be copied,
// the element's text is selected.
async function copy(text, element) {
  try {
    await navigator.clipboard.writeText(text);
    return "copied";
  } catch {
    const focused = document.activeElement;
    const area = h("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    focused?.focus({ preventScroll: true });
    if (copied) return "copied";
    getSelection().selectAllChildren(element);
    return "selected";
  }
}

// Shows on the element for a moment what became of a copy.
async function copyFrom(element, text, source) {
  const label = element.textContent;
  element.textContent = await copy(text, source);
  setTimeout(() => { element.textContent = label; }, 1500);
}

function addCopyButton(box) {
  const pre = box.querySelector("pre");
  box.append(button("copy", (element) => copyFrom(element, pre.textContent, pre)));
}

function copyBox(text) {
  const box = h("div.copy", h("pre", text));
  addCopyButton(box);
  return box;
}
