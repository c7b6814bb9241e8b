// The lists of groups, as far as they are unfolded.
const AT_ONCE = 50;
const IN_INDEX = 20;
const MAX_EXPANDED = 300;
let visible = [];

// Shows the groups with the cases in `matching`; all groups when nothing is filtered.
function showGroups(matching, isShown) {
  visible = groups.filter((group) => {
    group.cases = isShown(group) ? group.members.filter((failure) => matching.has(failure)) : [];
    group.element = undefined;
    return group.cases.length > 0;
  });
  for (const section of document.querySelectorAll("section[data-status]")) {
    const shown = visible.filter((group) => group.status === section.dataset.status);
    section.hidden = shown.length === 0;
    const list = chunks(shown, groupElement);
    for (const group of shown) group.list = list;
    section.querySelector(".groups").replaceChildren(...index(shown), list);
    measure();
  }
}

// A container with the first elements, and a button that adds more.
function chunks(items, build) {
  const box = h("div");
  const more = button("", () => box.showTo(box.count + AT_ONCE));
  box.count = 0;
  box.showTo = (count) => {
    const added = items.slice(box.count, Math.max(count, box.count));
    more.before(...added.map(build));
    box.count += added.length;
    more.hidden = box.count >= items.length;
    more.textContent = `show ${Math.min(AT_ONCE, items.length - box.count)} of ${thousands(items.length - box.count)} more`;
  };
  box.showIncluding = (item) => box.showTo(items.indexOf(item) + 1);
  box.append(more);
  box.showTo(AT_ONCE);
  return box;
}

function index(shown) {
  if (shown.length <= 3) return [];
  const row = (group) => {
    const link = h("a", group.path ? h("code", group.path) : prose(group.reason));
    link.href = address(group.cases[0]);
    return h("tr", h("td", h("b", group.surface), ` · ${group.implementation}`),
      h("td", link, " ", group.kind && h("em", group.kind), h("span.quiet", group.and_more)),
      h("td.number", thousands(group.cases.length)));
  };
  const head = h("tr", h("th", "surface"), h("th", "difference"), h("th.number", "cases"));
  const rest = shown.length - IN_INDEX;
  return [
    h("div.scroll", h("table.index", h("thead", head), h("tbody", shown.slice(0, IN_INDEX).map(row)))),
    rest > 0 ? h("p.quiet", `and ${counted(rest, "more group")} below`) : "",
  ];
}

function groupElement(group) {
  const edge = group.status === "diverged" ? "fail-edge" : "inconclusive-edge";
  const all = group.cases.length === group.members.length;
  const summary = [
    h("span.title", h("b", group.surface), ` · ${group.implementation}`), " ",
    group.path && [h("code", group.path), " ", h("em", group.kind), h("span.quiet", group.and_more), " "],
    h("span.quiet.count", all ? group.count : `${thousands(group.cases.length)} of ${counted(group.members.length, "case")}`),
    group.reason && h("span.line", prose(group.reason)),
  ];
  const element = folded(`details.card.group.${edge}`, summary, () => groupBody(group));
  element.addEventListener("toggle", () => { group.open = element.open; });
  group.element = element;
  if (group.open) element.unfold();
  return element;
}

function groupBody(group) {
  const [first, ...others] = group.cases;
  const also = group.also.map(([path, kind]) => [h("code", path), " ", h("em", kind), " "]);
  group.others = others.length > 0 && folded("details.others", counted(others.length, "more case"), () => {
    group.rows = new Map();
    group.more = chunks(others, (failure) => caseRow(group, failure));
    return group.more;
  });
  return [
    also.length > 0 ? h("p.also", "The same cases also differ at: ", also, h("span.quiet", group.also_rest)) : [],
    card(first),
    group.others || [],
  ];
}

function caseRow(group, failure) {
  const own = failure.differences.find((one) => one.kind === group.kind && one.path.replace(/\[\d+\]/g, "[*]") === group.path);
  const summary = [
    h("b", failure.case), " ", h("span.quiet", failure.transport), " ",
    own && h("span.values", h("span.left", own.left), " ", h("span.right", own.right)),
  ];
  const row = folded("details.other", summary, () => card(failure));
  group.rows.set(failure, row);
  return row;
}

// Unfolds a failure and returns its card.
function unfolded(failure) {
  const group = visible.find((one) => one.cases.includes(failure));
  group.list.showIncluding(group);
  group.element.unfold();
  if (group.cases[0] === failure) return group.element.querySelector(".failure");
  group.others.unfold();
  group.more.showIncluding(failure);
  const row = group.rows.get(failure);
  row.unfold();
  return row.querySelector(".failure");
}

// Unfolds what is visible, up to a number of cards; returns how many there are.
function expandAll() {
  let expanded = 0;
  for (const group of visible.slice(0, MAX_EXPANDED)) {
    for (const failure of group.cases) {
      if (expanded >= MAX_EXPANDED) return expanded;
      unfolded(failure);
      expanded += 1;
    }
  }
  return expanded;
}

function collapseAll() {
  for (const element of document.querySelectorAll(".group, .group details")) element.open = false;
  for (const group of groups) group.open = false;
}
