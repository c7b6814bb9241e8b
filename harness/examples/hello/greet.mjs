// Greets: one JSON object per line in, one per line out (contract/greet.md).

import { createInterface } from "node:readline";

const words = new Map([["en", "Hello"], ["de", "Hallo"], ["fr", "Bonjour"]]);

function greet({ name = "", language = "en" }) {
  if (!name.trim()) return { ok: false, error: "name is empty" };
  if (!words.has(language)) return { ok: false, error: "unknown language" };
  const greeting = `${words.get(language)}, ${name.trim()}!`;
  return { ok: true, greeting, length: greeting.length };
}

for await (const line of createInterface({ input: process.stdin })) {
  const started = performance.now();
  const answer = greet(JSON.parse(line));
  answer.elapsed_ms = performance.now() - started;
  process.stdout.write(JSON.stringify(answer) + "\n");
}
