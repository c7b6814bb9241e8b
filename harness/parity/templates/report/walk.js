// Addresses of cases, keys, folding and printing.
let current;

function byAddress() {
  try {
    const wanted = decodeURIComponent(location.hash.slice(1));
    return failures.find((failure) => id(failure) === wanted);
  } catch {
    return undefined;
  }
}

function reveal(failure) {
  if (!visible.some((group) => group.cases.includes(failure))) clearFilters();
  current = failure;
  const card = unfolded(failure);
  document.querySelector(".current")?.classList.remove("current");
  card.classList.add("current");
  card.tabIndex = -1;
  card.focus({ preventScroll: true });
  card.scrollIntoView();
}

function followQuery() {
  if (location.search === applied) return;
  readQuery();
  apply();
}

function followAddress() {
  const failure = byAddress();
  if (failure) reveal(failure);
}

// The next or previous difference among those that are not filtered out.
function walk(step) {
  const shown = [...new Set(visible.flatMap((group) => group.cases))];
  const from = shown.indexOf(current);
  const next = shown[from < 0 ? 0 : from + step];
  if (!next) return;
  reveal(next);
  replaceAddress(address(next));
}

const keys = {
  j: () => walk(1),
  k: () => walk(-1),
  "/": () => { textField.focus(); textField.select(); },
  e: () => expand(),
  c: () => collapseAll(),
  "?": () => document.getElementById("keys").showModal(),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target === textField) {
    if (event.key === "Escape") textField.blur();
    return;
  }
  if (!Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
}

function expand() {
  const expanded = expandAll();
  const all = new Set(visible.flatMap((group) => group.cases)).size;
  if (expanded >= MAX_EXPANDED && all > MAX_EXPANDED) {
    document.getElementById("found").textContent = `The first ${MAX_EXPANDED} of ${thousands(all)} cases are unfolded.`;
  }
}

// Before printing, the page says what is not on paper.
function notePrint() {
  const printed = new Set();
  for (const element of document.querySelectorAll("article.failure")) {
    if (!element.parentElement.closest("details:not([open]), [hidden]")) printed.add(element.dataset.id);
  }
  const matching = new Set(visible.flatMap((group) => group.cases)).size;
  const parts = [
    [matching - printed.size, "folded"],
    [failures.length - matching, "hidden by the filters"],
  ].filter(([count]) => count > 0).map(([count, why]) => `${counted(count, "case")} ${count === 1 ? "is" : "are"} ${why} and not printed.`);
  document.getElementById("printed").textContent = parts.join(" ");
}
