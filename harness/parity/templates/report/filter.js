// Filters by status, surface, implementation, kind and words. They are kept in the page's query.
const FACETS = ["status", "surface", "implementation", "kind"];
const chosen = Object.fromEntries(FACETS.map((facet) => [facet, new Set()]));
let words = [];
// The query that the page shows.
let applied;

const tools = document.querySelector(".tools");
const textField = document.getElementById("text");

// Accepted differences and skipped cases are elements of the page already.
const entries = [...document.querySelectorAll("[data-entry]")].map((element) => ({
  element,
  status: element.dataset.entry,
  surface: element.dataset.surface,
  implementation: element.dataset.implementation,
  kinds: element.dataset.kind ? [element.dataset.kind] : [],
  weight: Number(element.dataset.count),
  text: element.textContent.toLowerCase(),
}));
const items = [...failures, ...entries];

function valuesOf(item, facet) {
  return facet === "kind" ? item.kinds : [item[facet]];
}

function has(facet, values) {
  return chosen[facet].size === 0 || values.some((value) => chosen[facet].has(value));
}

// Whether an item passes all filters, or all but one.
function passes(item, except) {
  if (!FACETS.every((facet) => facet === except || has(facet, valuesOf(item, facet)))) return false;
  if (words.length === 0) return true;
  const text = item.element ? item.text : ownText(item);
  return words.every((word) => text.includes(word));
}

function isFiltered() {
  return words.length > 0 || FACETS.some((facet) => chosen[facet].size > 0);
}

function apply() {
  applied = location.search;
  const matching = new Set(failures.filter((failure) => passes(failure)));
  showGroups(matching, (group) => group.kinds.length === 0 || has("kind", group.kinds));
  for (const entry of entries) entry.element.hidden = !passes(entry);
  for (const row of document.querySelectorAll("[data-surface]:not([data-entry])")) {
    row.hidden = !has("surface", [row.dataset.surface]);
  }
  for (const section of document.querySelectorAll("section[data-entries]")) {
    section.hidden = !section.querySelector("[data-entry]:not([hidden])");
  }
  showGrid();
  showChips();
  showFound(matching);
}

// Rows and columns of the grid that have nothing left are hidden.
function showGrid() {
  const left = new Set(items.filter((item) => passes(item)).map((item) => `${item.surface}/${item.implementation}`));
  const narrow = words.length > 0 || chosen.status.size > 0 || chosen.kind.size > 0;
  for (const cell of document.querySelectorAll(".grid [data-implementation]")) {
    cell.hidden = !has("implementation", [cell.dataset.implementation]);
  }
  for (const row of document.querySelectorAll(".grid tbody tr")) {
    const surface = row.dataset.row;
    const cells = [...row.querySelectorAll("[data-implementation]:not([hidden])")];
    const some = cells.some((cell) => left.has(`${surface}/${cell.dataset.implementation}`));
    row.hidden = !has("surface", [surface]) || (narrow && !some);
  }
}

function showChips() {
  for (const facet of FACETS) {
    const counts = new Map();
    for (const item of items) {
      const added = passes(item, facet) ? item.weight : 0;
      for (const value of valuesOf(item, facet)) counts.set(value, (counts.get(value) ?? 0) + added);
    }
    const group = tools.querySelector(`[data-facet=${facet}]`);
    group.hidden = counts.size < 2 && chosen[facet].size === 0;
    const focused = group.contains(document.activeElement) ? document.activeElement.value : undefined;
    group.querySelector(".chips").replaceChildren(...[...counts].sort().map(([value, count]) => chip(facet, value, count)));
    if (focused !== undefined) group.querySelector(`[value="${CSS.escape(focused)}"]`)?.focus();
  }
}

function chip(facet, value, count) {
  const element = button("", () => {
    if (!chosen[facet].delete(value)) chosen[facet].add(value);
    changed();
  });
  element.append(h("span", value), " ", h("b", thousands(count)));
  element.value = value;
  element.setAttribute("aria-pressed", String(chosen[facet].has(value)));
  return element;
}

function showFound(matching) {
  const others = entries.filter((entry) => !entry.element.hidden).length;
  const found = [`${thousands(matching.size)} of ${counted(failures.length, "failing case")}`];
  if (others > 0) found.push(`${thousands(others)} accepted or skipped below`);
  const nothing = matching.size + others === 0;
  document.getElementById("found").textContent = !isFiltered() ? "" : nothing ? "Nothing matches." : `Shown: ${found.join(", ")}.`;
  document.getElementById("clear").hidden = !isFiltered();
}

function changed() {
  writeQuery();
  apply();
}

function clearFilters() {
  for (const facet of FACETS) chosen[facet].clear();
  words = [];
  textField.value = "";
  changed();
}

function setText(text) {
  words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
}

// Other parameters stay: a file server may need them.
function writeQuery() {
  const query = new URLSearchParams(location.search);
  for (const facet of FACETS) {
    query.delete(facet);
    for (const value of chosen[facet]) query.append(facet, value);
  }
  query.delete("text");
  if (words.length > 0) query.set("text", words.join(" "));
  replaceAddress(`${location.pathname}${query.size > 0 ? `?${query}` : ""}${location.hash}`);
}

function readQuery() {
  const query = new URLSearchParams(location.search);
  for (const facet of FACETS) chosen[facet] = new Set(query.getAll(facet));
  textField.value = query.get("text") ?? "";
  setText(textField.value);
}

// Some browsers forbid it for local files; the page works without it.
function replaceAddress(address) {
  try {
    history.replaceState(null, "", address);
  } catch {
    return;
  }
}
