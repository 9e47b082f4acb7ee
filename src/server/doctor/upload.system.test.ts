import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { listenLocally } from "#providers/testing/listen.ts";
import { openTestApp } from "../testing/app.ts";
import { doctor, expectOneWrong, openThalesBench } from "../testing/doctor.ts";
import { makeTestFolder } from "../testing/folder.ts";

const nginx = "/usr/sbin/nginx";

async function findPort(): Promise<string> {
  const server = createServer();
  const { port } = new URL(await listenLocally(server));
  await once(server.close(), "close");
  return port;
}

/** nginx before the server, with this said about bodies. */
async function startNginx(serverUrl: string, limit: string): Promise<string> {
  const folder = await makeTestFolder();
  const port = await findPort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder};`);
  const site = `server { listen 127.0.0.1:${port}; ${limit} location / { proxy_pass ${serverUrl}; } }`;
  const user = process.getuid?.() === 0 ? "user root;" : "";
  const config = `${user} pid ${folder}/pid; daemon off; events {} http { access_log off; ${temporary.join(" ")} ${site} }`;
  await writeFile(path.join(folder, "nginx.conf"), config);
  const log = path.join(folder, "error.log");
  const child = spawn(nginx, ["-p", folder, "-c", path.join(folder, "nginx.conf"), "-e", log], { stdio: "ignore" });
  const ended = once(child, "exit");
  onTestFinished(async () => {
    if (child.kill()) await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  await vi.waitFor(() => fetch(`${url}/health/live`), { timeout: 20_000 });
  return url;
}

test.skipIf(!existsSync(nginx))(
  "nginx as it comes keeps pictures off, and with its limit raised it does not",
  async () => {
    const bench = await openThalesBench();
    const server = await openTestApp();
    onTestFinished(() => server.close());
    const serverUrl = await server.app.listen({ host: "127.0.0.1", port: 0 });
    const env = { ...bench.env, FULLBLEED_PORT: new URL(serverUrl).port };
    await expectOneWrong(
      { ...env, FULLBLEED_PUBLIC_URL: await startNginx(serverUrl, "") },
      /^FULLBLEED_PUBLIC_URL: .* with HTTP 413 itself\. Allow \d+ MB there, .*nginx client_max_body_size/,
    );
    const raised = { ...env, FULLBLEED_PUBLIC_URL: await startNginx(serverUrl, "client_max_body_size 13m;") };
    const { of, code } = await doctor(raised);
    expect([of("wrong"), of("unchecked"), code]).toEqual([[], [], 0]);
    expect(of("ok").join("\n")).toContain("bytes gets through");
  },
);
