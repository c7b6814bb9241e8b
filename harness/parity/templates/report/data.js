// The failures of the page: in `data`, a number in a case or a head is an index into `strings`.
const data = JSON.parse(document.getElementById("data").textContent);

function unpacked(value) {
  if (typeof value === "number") return data.strings[value];
  if (Array.isArray(value)) return value.map(unpacked);
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, unpacked(member)]));
}

const failures = data.cases.map((packed) => ({ kinds: [], differences: [], reasons: [], weight: 1, ...unpacked(packed) }));
const groups = data.groups.map((group) => ({
  kinds: [],
  also: [],
  ...unpacked(group.head),
  members: group.members.map((index) => failures[index]),
}));
groups.forEach((group, index) => { group.open = index < 3 || groups.length <= 10; });

// `validate/http/go/all_empty`: the same in every run.
function id(failure) {
  return [failure.surface, failure.transport, failure.implementation, failure.case].join("/");
}

function address(failure) {
  return "#" + id(failure).split("/").map(encodeURIComponent).join("/");
}

// What a text filter looks at: what the card shows, without answers and commands.
function ownText(failure) {
  failure.text ??= [
    id(failure), failure.why, failure.attribution, ...failure.reasons, ...(failure.noise ?? []),
    ...(failure.crashes ?? []).map((crash) => crash.cause),
    ...failure.inputs.flatMap((input) => [input.request, ...(input.headers ?? []), input.text]),
    ...failure.differences.flatMap((one) => [one.path, one.kind, one.left, one.right]),
  ].filter(Boolean).join("\n").toLowerCase();
  return failure.text;
}
