// How fast, smooth and faithful our designer is with photos, beside react-easy-crop and cropperjs in the same browser.
import { parseArgs } from "node:util";
import { type Fidelity, measureFidelity } from "./croppers/fidelity.ts";
import { median } from "./croppers/median.ts";
import { makeCharts, makeJpeg } from "./croppers/photos.ts";
import { compareWithLibvips } from "./croppers/reference.ts";
import {
  type LoadAndExport,
  measureGesture,
  measureLoadAndExport,
  measureRested,
  type Rested,
  rests,
  type Smoothness,
} from "./croppers/runs.ts";
import { type Host, hostOurs, hostPeer, type OwnSubject, type Subject, type SubjectName } from "./croppers/subjects.ts";

const { values: options } = parseArgs({ options: { runs: { type: "string", default: "5" } } });
const runs = Math.max(1, Number(options.runs) || 0);
/** No round is begun that would end later, so that all is over in a quarter of an hour. */
const mostSeconds = 690;
/** What two ways of computing the same in 64 bits and in libvips' numbers must agree to. */
const leastDbToLibvips = 50;

const names = ["ours", "react-easy-crop", "cropperjs"] as const satisfies readonly SubjectName[];
type Photo = "mp12" | "mp48";

/** What was measured of one cropper, one entry for each run. */
interface Measured {
  readonly mp12: LoadAndExport[];
  readonly mp48: LoadAndExport[];
  /** By throttle. */
  readonly gestures: (readonly Smoothness[])[];
}

const measured = Object.fromEntries(
  names.map((name): [SubjectName, Measured] => [name, { mp12: [], mp48: [], gestures: [] }]),
) as Record<SubjectName, Measured>;
const rested: Record<Photo, (readonly Rested[])[]> = { mp12: [], mp48: [] };

/** The croppers in turn, so that whatever else the machine does meets all of them. */
async function measureRound(subjects: readonly Subject[], photos: Readonly<Record<Photo, string>>): Promise<void> {
  for (const photo of ["mp12", "mp48"] as const) {
    for (const subject of subjects) {
      const isOurs = subject.name === "ours";
      const result = await measureLoadAndExport(subject, photos[photo], async (_opened, cropper, hand) => {
        if (isOurs) rested[photo].push(await measureRested(subject, cropper, hand, rests[photo]));
      });
      measured[subject.name][photo].push(result);
    }
  }
  for (const subject of subjects) measured[subject.name].gestures.push(await measureGesture(subject, photos.mp48));
}

async function withSubjects<Result>(
  use: (ours: OwnSubject, all: readonly Subject[]) => Promise<Result>,
): Promise<Result> {
  const hosts: Host<Subject>[] = [];
  try {
    const ours = await hostOurs();
    hosts.push(ours, await hostPeer("react-easy-crop", 10), await hostPeer("cropperjs", 20));
    return await use(
      ours.subject,
      hosts.map(({ subject }) => subject),
    );
  } finally {
    for (const host of hosts) await host.stop();
  }
}

const columns = [34, 12, 12, 18, 12] as const;

function printRow(...cells: readonly string[]): void {
  console.log(
    cells.map((cell, index) => (index === 0 ? cell.padEnd(columns[0]) : cell.padStart(columns[index] ?? 12))).join(""),
  );
}

/** A row of the croppers' own figures, ours first. */
function printEach(what: string, valueOf: (one: Measured) => number, digits = 0): void {
  printRow(what, "", ...names.map((name) => valueOf(measured[name]).toFixed(digits)));
}

function printMeasured(): void {
  printRow("median of each cropper", "", ...names);
  for (const photo of ["mp12", "mp48"] as const) {
    const title = photo === "mp12" ? "12 MP" : "48 MP";
    const of = (key: keyof LoadAndExport) => (one: Measured) => median(one[photo].map((run) => run[key]));
    printEach(`${title}: file to photo on screen, ms`, of("visible"));
    printEach(`${title}: click to PNG, ms`, of("cold"));
    printEach(`${title}: longest task, ms`, of("longestTask"));
    printEach(`${title}: memory at most, MB`, of("peak"));
    printEach(`${title}: of this by the export, MB`, of("peakOfExport"));
  }
  for (const [index, title] of ["drag and zoom", "the same, 4x slower"].entries()) {
    const of = (key: keyof Smoothness) => (one: Measured) =>
      median(one.gestures.map((run) => run[index]?.[key] ?? Number.NaN));
    printEach(`${title}: frames drawn`, of("drawn"));
    printEach(`${title}: frames dropped`, of("dropped"));
    printEach(`${title}: largest gap, ms`, of("gapMs"));
  }
}

function restedOf(photo: Photo, restMs: number, key: "seen" | "inPage"): number {
  return median(rested[photo].flat().flatMap((each) => (each.restMs === restMs ? [each[key]] : [])));
}

function printRested(): void {
  printRow("ours, preview after a rest, ms", "", "in the page", "on screen");
  for (const photo of ["mp12", "mp48"] as const) {
    for (const restMs of rests[photo]) {
      const cells = (["inPage", "seen"] as const).map((key) => restedOf(photo, restMs, key).toFixed(0));
      printRow(`${photo === "mp12" ? "12 MP" : "48 MP"}: click after ${restMs} ms`, "", ...cells);
    }
  }
}

function printFidelity(fidelity: Fidelity): void {
  printRow("ours against the reference", "", "dB");
  for (const [name, db] of Object.entries({ ...fidelity.lossless, ...fidelity.turned })) {
    printRow(name, "", db.toFixed(1));
  }
  console.log(`The reference itself leaves ${fidelity.aliasOfReference.toFixed(3)} of the zone plate's finest rings.`);
}

/** Ours, as a multiple of the best peer's. */
function ratio(photo: Photo, key: "visible" | "cold" | "peak"): number {
  const [ours = Number.NaN, ...peers] = names.map((name) => median(measured[name][photo].map((run) => run[key])));
  return ours / Math.min(...peers);
}

interface Row {
  readonly value: number;
  readonly digits: number;
  readonly goal: string;
  readonly isReached: boolean;
}

const atMost = (value: number, limit: number, digits: number): Row => ({
  value,
  digits,
  goal: `<= ${limit}`,
  isReached: value <= limit,
});
const atLeast = (value: number, limit: number, digits = 1): Row => ({
  value,
  digits,
  goal: `>= ${limit}`,
  isReached: value >= limit,
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function summarize(fidelity: Fidelity): Readonly<Record<string, Row>> {
  const { lossless, turned, checker } = fidelity;
  const { mp12, mp48, gestures } = measured.ours;
  const gestureOf = (index: number, key: keyof Smoothness) =>
    median(gestures.map((run) => run[index]?.[key] ?? Number.NaN));
  const longest = (own: readonly LoadAndExport[]) => median(own.map(({ longestTask }) => longestTask));
  return {
    visible12_x: atMost(ratio("mp12", "visible"), 0.6, 2),
    visible48_x: atMost(ratio("mp48", "visible"), 0.85, 2),
    cold12_x: atMost(ratio("mp12", "cold"), 1.2, 2),
    cold48_x: atMost(ratio("mp48", "cold"), 1.6, 2),
    rested_ms: atMost(Math.max(...rests.mp12.map((restMs) => restedOf("mp12", restMs, "inPage"))), 20, 0),
    main_ms: atMost(Math.max(longest(mp12), longest(mp48)), 4, 1),
    peak12_x: atMost(ratio("mp12", "peak"), 1.2, 2),
    peak48_x: atMost(ratio("mp48", "peak"), 1.2, 2),
    psnr: atLeast(mean(Object.values(lossless)), 70),
    psnr12: atLeast(fidelity.jpeg12, 57),
    psnr48: atLeast(fidelity.jpeg48, 54),
    psnr_turned: atLeast(Math.min(...Object.values(turned)), 69),
    alias: atMost(fidelity.alias, 0.017, 3),
    alias_turned: atMost(fidelity.aliasTurned, 0.03, 3),
    checker: { value: checker, digits: 3, goal: "0.495..0.505", isReached: checker >= 0.495 && checker <= 0.505 },
    dropped1: atMost(gestureOf(0, "dropped"), 0, 0),
    dropped4: atMost(gestureOf(1, "dropped"), 2, 0),
    gap_ms: atMost(Math.max(gestureOf(0, "gapMs"), gestureOf(1, "gapMs")), 34, 0),
  };
}

const charts = await makeCharts();
const photos = { mp12: await makeJpeg(4000, 3000), mp48: await makeJpeg(8064, 6048) };
const toLibvips = await compareWithLibvips(charts.photo);
if (toLibvips < leastDbToLibvips) throw new Error(`The reference is only ${toLibvips.toFixed(1)} dB from libvips.`);

const startedAt = performance.now();
const fidelity = await withSubjects(async (ours, all) => {
  for (let run = 1; run <= runs; run += 1) {
    await measureRound(all, photos);
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(`${run} of ${runs} rounds after ${seconds.toFixed(0)} s`);
    if (run < runs && (seconds / run) * (run + 1) > mostSeconds) {
      console.log("The machine is too busy for another round.");
      break;
    }
  }
  return measureFidelity(ours, charts, photos);
});

printMeasured();
console.log();
printRested();
console.log();
printFidelity(fidelity);
console.log(`The reference agrees with libvips to ${toLibvips.toFixed(1)} dB.`);
console.log();
const summary = summarize(fidelity);
printRow("", "goal", "reached");
for (const [name, { value, digits, goal, isReached }] of Object.entries(summary)) {
  printRow(name, goal, value.toFixed(digits), isReached ? "yes" : "no");
}
const pairs = Object.entries(summary).map(([name, { value, digits }]) => `${name}=${value.toFixed(digits)}`);
console.log(`croppers ${pairs.join(" ")}`);
