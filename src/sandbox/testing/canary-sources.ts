import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Demo } from "../launcher/demo.ts";
import { programNames } from "../launcher/plan.ts";
import type { Outgoing } from "./canary-gateway.ts";
import type { Source } from "./canary-search.ts";

const text = (name: string, content: string): Source => ({ name, bytes: Buffer.from(content) });

/** Every file below the folder. Its name is a source too: it stands in backups and listings. */
export function readFiles(kind: string, folder: string): Source[] {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return all.flatMap(({ parentPath, name }) => {
    const file = path.join(parentPath, name);
    const relative = path.relative(folder, file);
    // A temporary file may be gone by now.
    const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    return [{ name: `${kind} ${relative}`, bytes }, text(`${kind} ${relative}, its name`, relative)];
  });
}

/** Each column of each table: what stands on a page may be cut in two by its end. */
export function readDatabase(file: string): Source[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = database.prepare("select name from sqlite_schema where type = 'table'").all();
    return tables.flatMap(({ name }) => {
      const rows = database.prepare(`select * from "${String(name)}"`).all();
      const columns = new Set(rows.flatMap((row) => Object.keys(row)));
      return [...columns].map((column) =>
        text(`table ${String(name)}.${column}`, rows.map((row) => String(row[column])).join("\n")),
      );
    });
  } finally {
    database.close();
  }
}

const readProc = (pid: number, file: string): Buffer => readFileSync(`/proc/${pid}/${file}`);

/** What others on the machine can see of each program, and what each has been given. Nothing where there is no /proc. */
export function readProcesses({ processes }: Demo): Source[] {
  if (!existsSync("/proc/self/environ")) return [];
  return programNames.flatMap((program) => {
    const { pid = 0 } = processes[program];
    const children = readdirSync(`/proc/${pid}/task`).map((task) => readProc(pid, `task/${task}/children`).toString());
    return [
      { name: `command line of ${program}`, bytes: readProc(pid, "cmdline") },
      { name: `process title of ${program}`, bytes: readProc(pid, "comm") },
      { name: `environment of ${program}`, bytes: readProc(pid, "environ") },
      ...children
        .join(" ")
        .split(" ")
        .filter((child) => child !== "")
        .map((child) => ({ name: `environment of a child of ${program}`, bytes: readProc(Number(child), "environ") })),
    ];
  });
}

/** As everybody on the machine can ask for it. */
export function listProcesses(): Source {
  return text(
    "list of processes",
    execFileSync("ps", ["-eo", "args"], { encoding: "utf8", maxBuffer: 16 * 1024 * 1024 }),
  );
}

/** What the server has sent out, by receiver: address, head and body apart. */
export function readOutgoing(outgoing: readonly Outgoing[], nameOf: (host: string) => string): Source[] {
  return outgoing.flatMap(({ to, method, url, head, body }) => {
    const what = `to ${nameOf(to)}`;
    const place = `${method} ${url.split("?", 1)[0]}`;
    return [
      text(`address ${what}: ${place}`, url),
      text(`head ${what}: ${place}`, head),
      { name: `body ${what}: ${place}`, bytes: body },
    ];
  });
}
