// Debian's own nginx and Apache with ModSecurity, each as the packages leave it or as docs/deployment.md has it, in a folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface Proxy {
  readonly url: string;
  /** Ids of the firewall's rules that have struck since it was asked last. */
  readRules(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export interface Kind {
  readonly name: "nginx" | "modsecurity";
  /** What has to be there, and the packages that bring it. */
  readonly files: readonly string[];
  readonly packages: string;
  /** Starts it before `serverUrl`; with what the documentation has for it, or as it comes. */
  start(folder: string, serverUrl: string, documented: string | null): Promise<Proxy>;
}

const docs = join(import.meta.dirname, "../../docs/deployment.md");
/** Where the examples of the documentation have the server. */
const exampleServer = "http://127.0.0.1:4000";
const startTimeoutMs = 20_000;

/** The examples of this language, one after the other, for a server that is elsewhere. */
export async function readExamples(language: "nginx" | "apache", serverUrl: string): Promise<string> {
  const page = await readFile(docs, "utf8");
  const blocks = [...page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, "g"))].map(([, block]) => block);
  if (blocks.length === 0) throw new Error(`docs/deployment.md has no example for ${language}`);
  return blocks.join("\n").replaceAll(exampleServer, serverUrl);
}

async function findPort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function run(program: string, args: readonly string[], port: number, log: string): Promise<Proxy> {
  const child: ChildProcess = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text: Buffer) => said.push(String(text)));
  const ended = once(child, "exit");
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await ended;
    clearTimeout(timer);
  };
  for (const until = Date.now() + startTimeoutMs; !(await isListening(port)); await sleep(100)) {
    if (child.exitCode === null && Date.now() < until) continue;
    await stop();
    throw new Error(`${program} does not start: ${said.join("")}${await readFile(log, "utf8").catch(() => "")}`);
  }
  let read = 0;
  return {
    // A name: the core rules count it against a request that it is to a number.
    url: `http://localhost:${port}`,
    async readRules() {
      const text = (await readFile(log, "utf8").catch(() => "")).slice(read);
      read += text.length;
      return [...new Set([...text.matchAll(/ModSecurity: .*?\[id "(\d+)"\]/g)].map(([, id]) => id ?? ""))];
    },
    stop,
  };
}

const isRoot = process.getuid?.() === 0;

const nginx: Kind = {
  name: "nginx",
  files: ["/usr/sbin/nginx", "/etc/nginx/nginx.conf"],
  packages: "nginx",
  async start(folder, serverUrl, documented) {
    const port = await findPort();
    const log = join(folder, "error.log");
    const site = documented ?? `location / { proxy_pass ${serverUrl}; }`;
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (name) => `${name}_temp_path ${folder};`,
    );
    const server = `server { listen 127.0.0.1:${port};\n${site}\n}`;
    // Debian's own, but for where it writes, and for the sites that this machine may have.
    const config = (await readFile("/etc/nginx/nginx.conf", "utf8"))
      .replace(/^user .*$/m, isRoot ? "user root;" : "")
      .replace(/^pid .*$/m, `pid ${folder}/pid;`)
      .replace(/^include \/etc\/nginx\/modules-enabled.*$/m, "")
      .replace(/^error_log .*$/m, `error_log ${log};`)
      .replace(/access_log .*/, `access_log off; ${temporary.join(" ")}`)
      .replace(/^\s*include \/etc\/nginx\/conf\.d.*$/m, "")
      .replace(/^\s*include \/etc\/nginx\/sites-enabled.*$/m, server);
    await writeFile(join(folder, "nginx.conf"), config);
    return run(
      "/usr/sbin/nginx",
      ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", log, "-g", "daemon off;"],
      port,
      log,
    );
  },
};

const modules = [
  "mpm_event",
  "authz_core",
  "unique_id",
  "headers",
  "filter",
  "reqtimeout",
  "proxy",
  "proxy_http",
  "security2",
];
const recommended = "/etc/modsecurity/modsecurity.conf-recommended";

const modsecurity: Kind = {
  name: "modsecurity",
  files: [
    "/usr/sbin/apache2",
    "/usr/lib/apache2/modules/mod_security2.so",
    recommended,
    "/etc/modsecurity/crs/crs-setup.conf",
  ],
  packages: "apache2, libapache2-mod-security2, modsecurity-crs",
  async start(folder, serverUrl, documented) {
    const port = await findPort();
    const log = join(folder, "error.log");
    await mkdir(join(folder, "data"), { mode: 0o777 });
    const load = modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`);
    const site = documented ?? `ProxyPass / ${serverUrl}/\nProxyPassReverse / ${serverUrl}/`;
    const lines = [
      ...load,
      `Listen 127.0.0.1:${port}`,
      "ServerName localhost",
      `PidFile ${folder}/pid`,
      `ErrorLog ${log}`,
      "LogLevel warn",
      ...(isRoot ? ["User www-data", "Group www-data"] : []),
      "Include /etc/apache2/mods-available/reqtimeout.conf",
      // As Debian's packages set them up, in blocking mode.
      `Include ${recommended}`,
      "SecRuleEngine On",
      "SecAuditEngine Off",
      `SecDataDir ${folder}/data`,
      "Include /etc/modsecurity/crs/crs-setup.conf",
      "Include /usr/share/modsecurity-crs/rules/*.conf",
      `<VirtualHost 127.0.0.1:${port}>`,
      site,
      "</VirtualHost>",
    ];
    await writeFile(join(folder, "apache2.conf"), "");
    await appendFile(join(folder, "apache2.conf"), `${lines.join("\n")}\n`);
    return run("/usr/sbin/apache2", ["-d", folder, "-f", join(folder, "apache2.conf"), "-DFOREGROUND"], port, log);
  },
};

export const kinds: readonly Kind[] = [nginx, modsecurity];

/** What is missing of it on this machine. */
export const findMissing = ({ files }: Kind): string | undefined => files.find((file) => !existsSync(file));
