// A page of the bench in Chromium, which is given a photo and says what it has measured.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { findVisit } from "../formats/browsers.ts";
import { bundlePage, send } from "../formats/host.ts";

const timeoutMs = 180_000;

/** What the page of this script (its path in the repository) says of the photo, if it takes one, as JSON has it. Throws what it says instead. */
export async function askPage<Said>(script: string, photo = Buffer.alloc(0)): Promise<Said> {
  const pages = await bundlePage(script);
  let settle = (_said: string): void => {};
  const said = new Promise<string>((resolve) => {
    settle = resolve;
  });
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    const page = pages.get(path);
    if (path === "/photo") send(response, path, photo);
    else if (page !== undefined) send(response, path, page);
    else if (path === "/done") {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => (response.end(), settle(Buffer.concat(parts).toString())));
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const timer = setTimeout(() => settle("no answer"), timeoutMs);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    await findVisit("chromium")?.(url, async () => void (await said));
    const answer = await said;
    if (!/^[[{]/.test(answer)) throw new Error(answer);
    return JSON.parse(answer) as Said;
  } finally {
    clearTimeout(timer);
    server.closeAllConnections();
    server.close();
  }
}
