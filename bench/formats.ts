// Which files open, and as what they print: a table of files in three browsers, held against another decoder.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../scripts/steps.mjs";
import { type Engine, engines, findVisit } from "./formats/browsers.ts";
import { checkDifferences } from "./formats/ciede2000.ts";
import { makeFiles } from "./formats/files.ts";
import { type Host, hostFiles, type Outcome } from "./formats/host.ts";
import { measureLarge } from "./formats/large.ts";
import { judge, type Verdict } from "./formats/judge.ts";
import type { TableFile } from "./formats/table.ts";

/** `large`, or `--only TEXT`: the files in whose names it stands. `--engine NAME`: in this browser alone. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    large: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    engine: { type: "string", default: "" },
  },
});
const folder = join(root, ".cache", "formats");

/** In a fresh browser, and in another from the next file on whenever one stops answering. */
async function visit(engine: Engine, host: Host): Promise<ReadonlyMap<number, Outcome> | undefined> {
  const open = findVisit(engine);
  if (open === undefined) return undefined;
  host.begin();
  for (let isStuck = true; isStuck; ) {
    await open(host.url, async () => {
      isStuck = await host.wait();
    });
  }
  return host.outcomes;
}

interface Row {
  readonly file: TableFile;
  readonly engine: Engine;
  readonly shown: string;
  readonly verdict: Verdict;
}

function describe({ kind, note, mean, max }: Verdict): string {
  const figures = mean === undefined ? "" : `${mean.toFixed(3)} / ${max?.toFixed(1)}`;
  return kind === "opened" ? figures : [kind === "wrong" ? "WRONG" : "", note, figures].filter(Boolean).join(" ");
}

function printTable(rows: readonly Row[], visited: readonly Engine[]): void {
  const [nameWidth, width] = [60, 30];
  const lines = [
    ["mean / largest dE, or the name", ...visited]
      .map((cell, index) => cell.padEnd(index === 0 ? nameWidth : width))
      .join(""),
  ];
  for (const { name } of new Set(rows.map(({ file }) => file))) {
    const cells = visited.map((engine) => {
      const row = rows.find((each) => each.engine === engine && each.file.name === name);
      return (row === undefined ? "" : describe(row.verdict)).padEnd(width);
    });
    lines.push([name.padEnd(nameWidth), ...cells].join("").trimEnd());
  }
  console.log(lines.join("\n"));
}

/** A line for each that is wrong, and for the kinds of file that are furthest from the other decoder. */
function printFaults(rows: readonly Row[]): void {
  for (const { file, engine, verdict } of rows) {
    if (verdict.kind === "wrong") console.log(`wrong: ${engine}: ${file.name}: ${describe(verdict)}`);
  }
}

function keepTable(rows: readonly Row[]): void {
  mkdirSync(folder, { recursive: true });
  const full = rows.map(({ file, engine, shown, verdict }) => ({
    name: file.name,
    bytes: file.bytes.length,
    engine,
    shown,
    ...verdict,
  }));
  writeFileSync(join(folder, "table.json"), `${JSON.stringify(full, undefined, 1)}\n`);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function summarize(rows: readonly Row[]): string {
  const count = (kind: Verdict["kind"]): number => rows.filter(({ verdict }) => verdict.kind === kind).length;
  const means = (inks: "profiled" | undefined): number[] =>
    rows.flatMap(({ file, verdict }) =>
      "opens" in file && file.opens.inks === inks && verdict.mean !== undefined ? [verdict.mean] : [],
    );
  const plain = means(undefined);
  const turned = rows.filter(
    ({ file, verdict }) => "opens" in file && file.opens.isTurned === true && verdict.isUpright !== true,
  );
  return Object.entries({
    files: new Set(rows.map(({ file }) => file)).size,
    opened: count("opened"),
    named: count("named"),
    wrong: count("wrong"),
    de_mean: mean(plain).toFixed(3),
    de_max: Math.max(0, ...plain).toFixed(3),
    cmyk_de: mean(means("profiled")).toFixed(3),
    orientation_wrong: turned.length,
  })
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

async function measureTable(): Promise<void> {
  checkDifferences();
  const files = await makeFiles(values.only);
  console.log(`${files.length} files after ${(performance.now() / 1000).toFixed(0)} s`);
  const host = await hostFiles(files);
  const rows: Row[] = [];
  const visited: Engine[] = [];
  try {
    for (const engine of engines.filter((each) => values.engine === "" || each === values.engine)) {
      const outcomes = await visit(engine, host);
      if (outcomes === undefined) {
        console.log(`There is no ${engine} here.`);
        continue;
      }
      visited.push(engine);
      for (const [index, file] of files.entries()) {
        const outcome = outcomes.get(index);
        rows.push({ file, engine, shown: outcome?.shown ?? "", verdict: await judge(file, outcome) });
      }
      console.log(`${engine} after ${(performance.now() / 1000).toFixed(0)} s`);
    }
  } finally {
    host.stop();
  }
  keepTable(rows);
  printTable(rows, visited);
  printFaults(rows);
  console.log(`formats ${summarize(rows)}`);
}

if (positionals.includes("large") || values.large) await measureLarge();
else await measureTable();
