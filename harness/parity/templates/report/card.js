// One failure in full; `failure.html` is the same without scripts.
function card(failure) {
  const { inputs, reasons, differences, noise = [], crashes = [], diff = [], sides = [], pins = [] } = failure;
  const element = h("article.failure",
    heading(failure),
    failure.why && h("p.quiet", failure.why),
    failure.attribution && h("p.odd", failure.attribution),
    [...reasons, ...noise].map((message) => h("p.reason", prose(message))),
    crashes.map(crashPart),
    inputs.map(inputPart),
    differences.length > 0 && [h("h4", "Differences"), differenceTable(failure)],
    failure.more && h("p.quiet", `and ${failure.more} in report.json`),
    diff.length > 0 && [h("h4", "Raw responses compared"), h("pre.diff", diff.map((line) => diffLine(failure, line)))],
    failure.same_when_indented && h("p.quiet", "The indented responses are equal; compare the raw responses below."),
    sides.length > 0 ? answers(sides, diff.length === 0) : h("p.quiet", "This page is too long for the raw responses; they are in report.json."),
    pins.length > 0 && pinPart(pins),
    h("h4", "Run only this case"),
    copyBox(failure.rerun.join(failure.case)));
  element.dataset.id = id(failure);
  return element;
}

function heading(failure) {
  const link = h("a.link", "link");
  link.href = address(failure);
  link.title = "copy the address of this case";
  link.addEventListener("click", () => copyFrom(link, link.href, link));
  return h("h3", failure.case, " ", h("span.quiet", `(${failure.transport})`), " ", link);
}

function crashPart(crash) {
  return [
    h("p.crash", crash.cause),
    crash.stderr && [h("h4", "Last lines of standard error"), h("pre", crash.stderr)],
    crash.log && h("p.quiet", "log: ", h("code", crash.log)),
  ];
}

function inputPart(input) {
  const { headers = [], curls = [] } = input;
  return [
    h("h4", "Input", input.step && [" ", h("span", input.step)], input.failing && [" ", h("em", "failing")]),
    input.request && h("pre.request", h("b", input.request), headers.map((header) => `\n${header}`)),
    input.text ? h("pre", input.text) : h("p.quiet", "no body"),
    curls.length > 0 && folded("details", "curl", () => curls.map(([label, command]) => [h("h4", label), copyBox(command)])),
  ];
}

function differenceTable(failure) {
  const side = (tag, name, value) => {
    const element = h(tag, value);
    element.dataset.side = name;
    return element;
  };
  return h("div.differences",
    h("div.head", h("span", "path"), h("span", data.reference), h("span", failure.implementation)),
    failure.differences.map((one) => h(one.accepted ? "div.accepted" : "div",
      h("span", h("code", one.path), " ", h("em", one.kind, one.accepted && ", accepted")),
      side("span.left", data.reference, one.left),
      side("span.right", failure.implementation, one.right))));
}

function diffLine(failure, [side, ...pieces]) {
  const name = { left: data.reference, right: failure.implementation }[side];
  const text = pieces.map((piece, index) => index % 2 === 1 && piece !== "" ? h("b", piece) : piece);
  return h(`span.${side}`, h("i", name), h("span", text, "\n"));
}

function answers(sides, open) {
  const element = h("details.sides", h("summary", "Both raw responses"),
    h("div.pair", sides.map((side) => h("div",
      h("h4", side.name), h("pre", side.text),
      side.stderr && [h("h4", "standard error"), h("pre", side.stderr)]))));
  element.open = open;
  element.addEventListener("toggle", measure);
  return element;
}

function pinPart(pins) {
  const what = pins.length === 1 ? "this difference" : "these differences";
  return folded("details", [`Accept ${what} (paste into `, h("code", "fixtures/divergences.toml"), ")"], () => pins.map(copyBox));
}
