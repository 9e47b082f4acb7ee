import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { toRecord } from "./state/view.ts";
import { makeSubmissionRow } from "./testing/rows.ts";

test("a long list of which only the beginning is read is not asked for to its end, and ends quietly", async () => {
  let asked = 0;
  const record = toRecord(makeSubmissionRow({ id: "s", session_id: "ses", state: "held", note: "n".repeat(10_000) }));
  const page = JSON.stringify({ submissions: Array.from({ length: 100 }, () => record), next: "s" });
  const server = createServer((_request, response) => {
    asked += 1;
    response.setHeader("content-type", "application/json").end(page);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "cli.ts"), "list"], {
    env: { FULLBLEED_URL: url, FULLBLEED_ISSUER_KEY: "key" },
  });
  const complaint = text(child.stderr);
  await once(child.stdout, "data");
  child.stdout.destroy();
  expect(await once(child, "close")).toEqual([0, null]);
  expect(await complaint).toBe("");
  expect(asked).toBeLessThan(20);
  server.close();
});
