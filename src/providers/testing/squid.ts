import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, readFile, writeFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findSquid } from "../../../scripts/browsers.mjs";
import { listenLocally } from "./listen.ts";

export interface Squid {
  readonly url: string;
  /** What was asked of it so far, such as `CONNECT 127.0.0.1:443`. */
  asked(): Promise<string[]>;
  stop(): Promise<void>;
}

async function findFreePort(): Promise<number> {
  const server = net.createServer();
  const { port } = new URL(await listenLocally(server));
  server.close();
  await once(server, "close");
  return Number(port);
}

async function accepts(port: number): Promise<boolean> {
  const socket = net.connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Debian's proxy on a port of its own, in a process of its own, with these lines about who may what. */
export async function startSquid(folder: string, rules: readonly string[]): Promise<Squid> {
  const port = await findFreePort();
  const [conf, log] = [path.join(folder, "squid.conf"), path.join(folder, "access.log")];
  const lines = [
    `http_port 127.0.0.1:${port}`,
    "pid_filename none",
    "cache deny all",
    "cache_log /dev/null",
    "netdb_filename none",
    "pinger_enable off",
    "shutdown_lifetime 0 seconds",
    "logformat asked %rm %ru",
    `access_log stdio:${log} asked`,
    ...rules,
  ];
  await writeFile(conf, `${lines.join("\n")}\n`);
  await writeFile(log, "");
  // As root it takes another user's rights.
  await chmod(folder, 0o755);
  await chmod(log, 0o666);
  const child = spawn(findSquid() ?? "squid", ["-N", "-f", conf], { stdio: ["ignore", "ignore", "pipe"] });
  const said: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(String(chunk)));
  const ended = once(child, "exit");
  const until = Date.now() + 30_000;
  while (!(await accepts(port))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`squid does not start:\n${said.join("")}`);
    await sleep(50);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    asked: async () => (await readFile(log, "utf8")).split("\n").filter((line) => line.startsWith("CONNECT ")),
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
