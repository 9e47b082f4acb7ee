import { once } from "node:events";
import { parseArgs } from "node:util";
import type * as z from "zod/mini";
import { toOneLine } from "#contracts/one-line.ts";
import { readShortReference } from "#contracts/short-reference.ts";
import { type Resolution, submissionHistory, submissionPage, submissionRecord } from "#contracts/submission.ts";
import { type Client, createClient, Refused, type Surroundings, UsageError, when } from "./cli-client.ts";
import { decideHelp, describeVerdict, readVerdict } from "./cli-decide.ts";
import { issuerKeyHelp, runIssuerKey } from "./cli-issuer-key.ts";
import { purgeHelp, runExport, runPurge } from "./cli-purge.ts";
import { runWebhooks, webhooksHelp } from "./cli-webhooks.ts";

export const help = `fullbleed: what an operator can see and do, over the server's own interface

  fullbleed list [--state STATE]        submissions in one state; "held" unless told otherwise
  fullbleed show SUBMISSION             all that is known of one: states, attempts, what is still to be done; also by the short
                                        reference that the cardholder reads out, such as K7QM 2D4P
  fullbleed bind SUBMISSION IMAGE_ID    the platform has it under this id
  fullbleed resend SUBMISSION           send a held one again: the platform may then have it twice
  fullbleed abandon SUBMISSION          give it up: the cardholder may send another
${decideHelp}
${purgeHelp}
${webhooksHelp}
${issuerKeyHelp}
  fullbleed doctor                      what is wrong with the server's settings, here and at the card platforms: with the server's
                                        own environment and user, whether it runs or not. Needs no issuer key
  fullbleed doctor --send-test-picture --cardholder ID
                                        sends a picture that says TEST too, and deletes it again
  fullbleed help                        this

  --reason TEXT    why, for the history; needed by bind, resend, abandon and purge; for reject, the card platform's word
  --memo TEXT      reject: what else the cardholder is to read
  --by NAME        who decides, for the history
  --confirm        you have read what can go wrong (resend; purge; bind to an id that the platform does not show)
  --from SEQ       replay: the first event that is delivered again
  --since TIME     replay: from then on, such as 2026-12-02T10:00Z
  --issuer ID, --product ID    doctor: for which the test picture is
  --leave          doctor: send it also where it cannot be deleted again
  --json           the server's own answer; doctor: what it has found

FULLBLEED_PUBLIC_URL    where the server is, or FULLBLEED_URL if you reach it elsewhere
FULLBLEED_ISSUER_KEY    the issuer's secret key (the first, if there are two)

Ends with 0 when done, 1 when the server refuses or cannot be reached, 2 when the command is not understood. doctor: 0 when
nothing is wrong, 1 when something is, 2 when something could not be checked.`;

const pageSize = 100;
/** A million submissions. */
const maxPages = 10_000;

/** As it comes, perhaps from a server of before. */
type SubmissionRecord = z.input<typeof submissionRecord>;
type SubmissionHistory = z.input<typeof submissionHistory>;

function writeAgreed({ agreement }: SubmissionRecord): string {
  if (agreement === undefined || agreement === null) return "agreement unknown";
  return `agreed to rules ${agreement.rulesVersion || "without a version"} at ${when(agreement.agreedAt)}`;
}

function writeRecord(record: SubmissionRecord): string {
  const { submissionId, state, updatedAt, reference, cardImageId, note } = record;
  const image = cardImageId ?? "no image id";
  return [submissionId, state, when(updatedAt), reference, writeAgreed(record), image, note ?? ""].join("  ").trimEnd();
}

function listUnder(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", heading, ...lines];
}

function writePlatform({ platform }: SubmissionHistory): string[] {
  if (platform === undefined) return [];
  const { name, decision, rejectionReasons, purge } = platform;
  const decides = {
    ours: `the issuer decides (${rejectionReasons.join(", ")})`,
    theirs: "its own reviewers decide",
    unknown: "its settings are missing on this server",
  }[decision ?? "unknown"];
  return [`Card platform ${name}: ${decides}${purge === "unsupported" ? "; no picture can be deleted there" : ""}`];
}

function writeHistory(history: SubmissionHistory): string[] {
  const { submission, events, attempts, jobs, orphans, purgedImages = [] } = history;
  const detailOf = (detail: Record<string, unknown>): string =>
    Object.entries(detail)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => `${name}: ${String(value)}`)
      .join(", ");
  return [
    writeRecord(submission),
    ...writePlatform(history),
    ...listUnder(
      "What has happened (UTC)",
      events.map((one) =>
        `  ${when(one.at)}  ${one.from ?? "-"} -> ${one.to}  ${one.cause} (${one.actor})  ${detailOf(one.detail)}`.trimEnd(),
      ),
    ),
    ...listUnder(
      "Attempts",
      attempts.map((one) =>
        `  ${one.number}.  ${when(one.startedAt)}  ${one.outcome ?? "under way"}  ${one.detail ?? ""}${one.carriedReference ? "" : "  (without our reference)"}`.trimEnd(),
      ),
    ),
    ...listUnder(
      "Still to be done",
      jobs.map((one) =>
        `  ${one.kind}  ${one.isRunning ? "now" : when(one.runAt)}  after ${one.tries} tries  ${one.lastError ?? ""}`.trimEnd(),
      ),
    ),
    ...listUnder(
      "Pictures that the platform has beside the one that counts",
      orphans.map((one) => `  ${one.cardImageId}  ${one.reason}`),
    ),
    ...listUnder(
      "Pictures that the platform has been told to delete",
      purgedImages.map(
        (one) => `  ${one.cardImageId}  ${one.goneAt === null ? "not gone yet" : `gone, ${when(one.goneAt)}`}`,
      ),
    ),
  ];
}

/** A page at a time, as they are taken. */
async function* listAll(ask: Client, state: string): AsyncGenerator<SubmissionRecord> {
  let after: string | undefined;
  for (let pages = 0; pages < maxPages; pages += 1) {
    const query = new URLSearchParams({ state, limit: String(pageSize), ...(after !== undefined && { after }) });
    const { submissions, next } = await ask(submissionPage, `submissions?${query.toString()}`);
    yield* submissions;
    if (next === null || submissions.length === 0) return;
    after = next;
  }
  throw new Refused(`There are more than these ${maxPages} pages: use the server's own interface.`);
}

async function writeList(
  { out }: Surroundings,
  records: AsyncIterable<SubmissionRecord>,
  state: string,
): Promise<void> {
  let count = 0;
  for await (const record of records) {
    await out(toOneLine(writeRecord(record)));
    count += 1;
  }
  await out(toOneLine(`${count} ${state}`));
}

/** As `JSON.stringify` writes an array. */
async function writeJsonList({ out }: Surroundings, records: AsyncIterable<SubmissionRecord>): Promise<void> {
  let last: string | undefined;
  for await (const record of records) {
    await out(last === undefined ? "[" : `${last},`);
    // Not by a pattern: to one, texts have line ends of their own.
    last = `  ${JSON.stringify(record, null, 2).replaceAll("\n", "\n  ")}`;
  }
  await out(last === undefined ? "[]" : `${last}\n]`);
}

const options = {
  state: { type: "string", default: "held" },
  reason: { type: "string" },
  memo: { type: "string" },
  by: { type: "string" },
  confirm: { type: "boolean", default: false },
  cardholder: { type: "string" },
  from: { type: "string" },
  since: { type: "string" },
  stdin: { type: "boolean", default: false },
  "send-test-picture": { type: "boolean", default: false },
  leave: { type: "boolean", default: false },
  issuer: { type: "string" },
  product: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function readDecision(
  command: "bind" | "resend" | "abandon",
  { positionals, values }: ReturnType<typeof parse>,
): { submissionId: string; decision: Resolution } {
  const [, submissionId, cardImageId] = positionals;
  const { reason, by, confirm } = values;
  const expected = command === "bind" ? 3 : 2;
  if (submissionId === undefined || positionals.length !== expected)
    throw new UsageError(`${command} takes a submission's id${command === "bind" ? " and an image id" : ""}.`);
  if (reason === undefined || toOneLine(reason).trim() === "") throw new UsageError(`${command} needs --reason TEXT.`);
  const why = { reason, ...(by !== undefined && { by }) };
  if (command === "abandon") return { submissionId, decision: { action: "abandon", ...why } };
  if (command === "resend") return { submissionId, decision: { action: "resend", confirm, ...why } };
  return { submissionId, decision: { action: "bind", cardImageId: cardImageId ?? "", confirm, ...why } };
}

/** Gives the exit code where that is not 0 for what is done. */
async function run(surroundings: Surroundings): Promise<void | 0 | 1 | 2> {
  const parsed = parse(surroundings.args);
  const [command = "help", ...words] = parsed.positionals;
  const { values } = parsed;
  if (values.help || command === "help") return surroundings.out(help);
  const show = async (answer: unknown, lines: readonly string[]): Promise<void> => {
    if (values.json) return surroundings.out(JSON.stringify(answer, null, 2));
    for (const line of lines) await surroundings.out(toOneLine(line));
  };
  if (command === "list" && words.length > 0) throw new UsageError("list takes options only.");
  switch (command) {
    case "list": {
      const found = listAll(createClient(surroundings), values.state);
      return values.json ? writeJsonList(surroundings, found) : writeList(surroundings, found, values.state);
    }
    case "show": {
      // A short reference has a blank.
      const shown = (words.length === 1 ? words[0] : readShortReference(words.join(" "))) ?? "";
      if (shown === "") throw new UsageError("show takes one submission's id.");
      const path = `submissions/${encodeURIComponent(shown)}/history`;
      const history = await createClient(surroundings)(submissionHistory, path);
      return show(history, writeHistory(history));
    }
    case "bind":
    case "resend":
    case "abandon": {
      const { submissionId: id, decision } = readDecision(command, parsed);
      const path = `submissions/${encodeURIComponent(id)}/resolution`;
      const record = await createClient(surroundings)(submissionRecord, path, decision);
      return show(record, [writeRecord(record)]);
    }
    case "decide": {
      const verdict = readVerdict(parsed.positionals.slice(1), values);
      const path = `submissions/${encodeURIComponent(verdict.submissionId)}/decision`;
      const record = await createClient(surroundings)(submissionRecord, path, verdict.decision);
      return show(record, [writeRecord(record), ...describeVerdict(verdict, record.state)]);
    }
    case "purge": {
      const { answer, lines } = await runPurge(surroundings, parsed.positionals.slice(1), values);
      return show(answer, lines);
    }
    case "export":
      return surroundings.out(await runExport(surroundings, parsed.positionals.slice(1)));
    case "webhooks": {
      const { answer, lines } = await runWebhooks(surroundings, parsed.positionals.slice(1), values);
      return show(answer, lines);
    }
    case "issuer-key": {
      const { answer, lines } = await runIssuerKey(surroundings, parsed.positionals.slice(1), values.stdin);
      return show(answer, lines);
    }
    case "doctor": {
      // With the server's settings; all the others do without.
      const { runDoctor } = await import("./cli-doctor.ts");
      return runDoctor(surroundings, parsed.positionals.slice(1), values);
    }
    default:
      throw new UsageError(`There is no command ${command}.`);
  }
}

/** Runs one command. Gives the exit code: 0 done, 1 refused or out of reach, 2 not understood. No key is ever written. */
export async function runCli(surroundings: Surroundings): Promise<0 | 1 | 2> {
  try {
    return (await run(surroundings)) ?? 0;
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof Refused)) throw error;
    surroundings.err(toOneLine(error.message));
    if (error instanceof Refused) return 1;
    surroundings.err("fullbleed help tells more.");
    return 2;
  }
}

/** Most often whoever reads what is written has seen enough: `fullbleed list | head`. */
function endWithReader({ code }: NodeJS.ErrnoException): void {
  if (code === "EPIPE") process.exit(0);
  process.stderr.write(`The output could not be written${code === undefined ? "" : ` (${code})`}.\n`);
  process.exit(1);
}

if (import.meta.main) {
  process.stdout.on("error", endWithReader);
  // A terminal that is gone must not end what is being cleared up.
  process.stderr.on("error", () => undefined);
  process.exitCode = await runCli({
    args: process.argv.slice(2),
    env: process.env,
    fetch,
    input: process.stdin,
    out: async (line) => {
      if (!process.stdout.write(`${line}\n`)) await once(process.stdout, "drain");
    },
    err: (line) => process.stderr.write(`${line}\n`),
    // Node itself would wait for the file that hangs.
    end: () => process.kill(process.pid, "SIGKILL"),
  });
}
