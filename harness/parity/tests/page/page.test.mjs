// The script of the report page. `PAGES` is a folder of pages, which the Rust tests write.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";

import { Page, markup } from "./browser.mjs";

const folder = process.env.PAGES;
if (!folder) throw new Error("`PAGES` names no folder; run `cargo test -p lakehouse-parity --test it report::script`");

function open(name, address) {
  return new Page(fs.readFileSync(path.join(folder, name), "utf8"), address).run();
}

const KINDS = fs.readdirSync(folder).filter((name) => name.startsWith("kind_"));
const PAGE = "filters.html";
const ID = "embed/http/go/retried";
const ALL = ["embed/http/go/hostile", ID, "extract_json/line/js/nested"];

test("there is a page for each kind of failure", () => {
  assert.ok(KINDS.length >= 10, KINDS.join(", "));
});

for (const name of KINDS) {
  test(`the script renders ${name} as the template does`, () => {
    const html = fs.readFileSync(path.join(folder, name), "utf8");
    const cards = new Page(html).document.querySelectorAll("article.failure");
    assert.notEqual(cards.length, 0);
    const page = new Page(html).run();
    for (const card of cards) {
      const failure = page.evaluate("failures").find((one) => page.evaluate("id")(one) === card.id);
      const rendered = page.evaluate("card")(failure);
      for (const details of rendered.querySelectorAll("details")) details.fill?.();
      assert.equal(markup(rendered), markup(card));
    }
  });
}

test("a page without a query shows all failures", () => {
  const page = open(PAGE);
  assert.deepEqual(page.cards(), ALL);
  assert.equal(page.text("found"), "");
  assert.equal(page.document.querySelector(".tools").hidden, false);
});

test("the query of a page filters it", () => {
  for (const [query, expected, found] of [
    ["?status=invalid", ALL.slice(2), "Shown: 1 of 3 failing cases."],
    ["?surface=embed", ALL.slice(0, 2), "Shown: 2 of 3 failing cases, 1 accepted or skipped below."],
    ["?implementation=go&status=diverged&status=invalid", ALL.slice(0, 2), "Shown: 2 of 3 failing cases."],
    ["?kind=different+status", [ID], "Shown: 1 of 3 failing cases."],
    ["?text=HOSTILE+texts", ALL.slice(0, 1), "Shown: 1 of 3 failing cases."],
    ["?surface=none", [], "Nothing matches."],
  ]) {
    const page = open(PAGE, query);
    assert.deepEqual(page.cards(), expected, query);
    assert.equal(page.text("found"), found, query);
    const pressed = page.document.querySelectorAll(".chips [aria-pressed=true]");
    const chosen = new URLSearchParams(query);
    for (const chip of pressed) {
      const facet = chip.closest("[data-facet]").dataset.facet;
      assert.ok(chosen.getAll(facet).includes(chip.value), `${query}: ${facet} ${chip.value}`);
    }
  }
});

test("filters are written into the query, beside the parameters of others", () => {
  const page = open(PAGE, "?token=1");
  page.chip("status", "invalid").click();
  assert.equal(page.location.search, "?token=1&status=invalid");
  assert.deepEqual(page.cards(), ALL.slice(2));
  page.chip("status", "diverged").click();
  assert.equal(page.location.search, "?token=1&status=invalid&status=diverged");
  page.chip("status", "invalid").click();
  assert.equal(page.location.search, "?token=1&status=diverged");
  const field = page.document.getElementById("text");
  field.value = " Retried  502 ";
  field.dispatch("input");
  assert.equal(page.location.search, "?token=1&status=diverged&text=retried+502");
  assert.deepEqual(page.cards(), [ID]);
  page.document.getElementById("clear").click();
  assert.equal(page.location.search, "?token=1");
  assert.deepEqual(page.cards(), ALL);
});

test("what a chip counts passes the other filters", () => {
  const page = open(PAGE, "?surface=embed");
  assert.equal(page.chip("status", "diverged").textContent, "diverged 2");
  assert.equal(page.chip("status", "invalid").textContent, "invalid 0");
  assert.equal(page.chip("surface", "extract_json").querySelector("b").textContent, "2");
});

test("going back in the history applies the earlier query", () => {
  const page = open(PAGE, "?status=invalid");
  page.go("?surface=embed");
  assert.deepEqual(page.cards(), ALL.slice(0, 2));
  page.go("?");
  assert.deepEqual(page.cards(), ALL);
});

test("an address unfolds its case and marks it", () => {
  const page = open(PAGE, `#${ID}`);
  const marked = () => page.document.querySelector(".current").dataset.id;
  assert.equal(marked(), ID);
  page.go(`#${ALL[0]}`);
  assert.equal(marked(), ALL[0]);
  page.go("#embed/http/go/no_such_case");
  page.go("#%");
  assert.equal(marked(), ALL[0]);
});

test("an address that the filters hide removes them", () => {
  const page = open(PAGE, `?status=invalid#${ID}`);
  assert.equal(page.location.search, "");
  assert.equal(page.document.querySelector(".current").dataset.id, ID);
});

test("addresses of hostile names lead to their cases", () => {
  const page = open("hostile.html");
  const failures = page.evaluate("failures");
  assert.notEqual(failures.length, 0);
  for (const failure of failures) {
    page.go(page.evaluate("address")(failure));
    assert.equal(page.document.querySelector(".current").dataset.id, page.evaluate("id")(failure));
  }
});

test("links of the page without scripts are those of the script", () => {
  for (const name of [PAGE, "hostile.html"]) {
    const html = fs.readFileSync(path.join(folder, name), "utf8");
    const links = new Page(html).document.querySelectorAll(".grid a, a.link");
    const page = new Page(html).run();
    const addresses = page.evaluate("failures").map(page.evaluate("address"));
    assert.notEqual(links.length, 0);
    for (const link of links) {
      if (link.href !== "#accepted") assert.ok(addresses.includes(link.href), link.href);
    }
  }
});

test("keys walk through the failures", () => {
  const page = open(PAGE);
  for (const id of ALL) {
    page.key("j");
    assert.equal(page.location.hash, `#${id}`);
  }
  page.key("k");
  assert.equal(page.document.querySelector(".current").dataset.id, ID);
  page.key("c");
  assert.deepEqual(page.cards(), []);
  page.key("e");
  assert.deepEqual(page.cards(), ALL);
});

test("a command is copied as it is shown", async () => {
  const page = open(PAGE);
  const boxes = page.document.querySelectorAll(".copy");
  assert.notEqual(boxes.length, 0);
  for (const box of boxes) box.querySelector("button").click();
  await new Promise(setImmediate);
  assert.deepEqual(page.copied, boxes.map((box) => box.querySelector("pre").textContent));
});

test("many cases are added as they are asked for", () => {
  const page = open("many.html");
  const [group] = page.document.querySelectorAll(".group");
  group.querySelector(".others").unfold();
  const rows = () => group.querySelectorAll("details.other").length;
  const more = group.querySelector(".others").querySelectorAll("button").at(-1);
  assert.equal(rows(), 50);
  more.click();
  assert.equal(rows(), 100);
  const last = page.evaluate("groups[0].members.at(-1)");
  page.go(page.evaluate("address")(last));
  assert.equal(rows(), page.evaluate("groups[0].members.length") - 1);
  assert.equal(page.document.querySelector(".current").dataset.id, page.evaluate("id")(last));
});
