import { setTimeout as wait } from "node:timers/promises";
import { unchecked } from "#providers/diagnosis.ts";
import type { Provider } from "#providers/provider.ts";
import { type Surroundings, UsageError } from "./cli-client.ts";
import { listSecrets } from "./config.ts";
import { calls, type Examined, examine, listOffered, type Section, titleOf } from "./doctor/doctor.ts";
import { judge, summarise, writeSection } from "./doctor/report.ts";
import { type TestOrder, tryWithPicture } from "./doctor/test-picture.ts";
import { createScrub } from "./scrub.ts";

export interface DoctorValues {
  readonly "send-test-picture": boolean;
  readonly leave: boolean;
  readonly json: boolean;
  readonly cardholder?: string | undefined;
  readonly issuer?: string | undefined;
  readonly product?: string | undefined;
}

type Parts = NonNullable<Examined["parts"]>;

function requireUsable(words: readonly string[], values: DoctorValues): void {
  if (words.length > 0) throw new UsageError("doctor takes options only.");
  const { leave, cardholder, issuer, product } = values;
  const isSending = values["send-test-picture"];
  if (!isSending && (leave || [cardholder, issuer, product].some((value) => value !== undefined)))
    throw new UsageError("--cardholder, --issuer, --product and --leave are for --send-test-picture.");
  if (isSending && (cardholder ?? "") === "")
    throw new UsageError("--send-test-picture needs --cardholder ID: whose picture the platform is to take it for.");
}

/** The issuer that was named, or the only one. */
function findTestIssuer({ config }: Parts, { issuer: id }: DoctorValues) {
  const [first, ...others] = config.issuers;
  const named = id === undefined ? first : config.issuers.find((one) => one.id === id);
  if (id === undefined && others.length > 0)
    throw new UsageError(`There are ${config.issuers.length} issuers: say for which with --issuer ID.`);
  if (named === undefined) throw new UsageError("--issuer: there is no issuer with this id.");
  return named;
}

interface Target {
  readonly provider: Provider;
  readonly productId: string;
  readonly title: string;
}

function listTargets(parts: Parts, values: DoctorValues): Target[] {
  const issuer = findTestIssuer(parts, values);
  const all = issuer.platforms.flatMap((platform) =>
    listOffered(issuer, platform.definition.name, parts.providers).flatMap((productId) => {
      const provider = parts.providers.making(issuer.id, productId);
      const isMeant = values.product === undefined || values.product === productId;
      return isMeant && provider !== undefined ? [{ provider, productId, title: titleOf(issuer, platform) }] : [];
    }),
  );
  if (all.length === 0 && values.product === undefined) throw new UsageError("The issuer offers no product to try.");
  if (all.length === 0) throw new UsageError("--product: the issuer offers no such product.");
  return all;
}

/** One Ctrl-C comes twice: from the terminal, and from the program that has started this one. */
const sameMs = 1_000;
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Signals end what goes on gently at first. What is left at the platform is said however this program ends. */
function listenForInterrupts({ err }: Surroundings, readLeft: () => string | undefined) {
  const controller = new AbortController();
  let since = 0;
  const stop = (): void => {
    if (controller.signal.aborted) {
      if (performance.now() - since > sameMs) process.exit(1);
      return;
    }
    since = performance.now();
    controller.abort();
    err("Interrupted: what was sent is deleted where that is possible. Once more ends at once.");
  };
  const sayLeft = (): void => err(readLeft() ?? "Nothing is left at the platform.");
  const isOver = (): boolean => !controller.signal.aborted || readLeft() === undefined;
  for (const signal of signals) process.on(signal, stop);
  process.on("exit", sayLeft);
  const end = (): void => {
    for (const signal of signals) process.off(signal, stop);
    process.off("exit", sayLeft);
    // The same signal may have ended whoever reads the report.
    if (!isOver()) sayLeft();
  };
  return { interrupted: controller.signal, end };
}

async function sendTestPictures(
  surroundings: Surroundings,
  parts: Parts,
  values: DoctorValues,
  checked: readonly Section[],
): Promise<Section> {
  const targets = listTargets(parts, values);
  const left = new Map<string, string>();
  const readLeft = (): string | undefined => (left.size === 0 ? undefined : [...left.values()].join(" "));
  const { interrupted, end } = listenForInterrupts(surroundings, readLeft);
  const title = "Test pictures";
  const findings = [];
  try {
    for (const { provider, productId, title: platform } of targets) {
      const isSpoilt = judge(checked.filter((one) => one.title === calls || one.title === platform)) === 1;
      const order: TestOrder = {
        productId,
        interrupted,
        cardholderId: values.cardholder ?? "",
        leave: values.leave,
        sendTimeoutMs: parts.config.sendTimeoutSeconds * 1000,
        tellLeft: (what) => {
          if (what === undefined) left.delete(productId);
          else left.set(productId, what);
        },
      };
      const subject = `${productId}, test picture`;
      if (interrupted.aborted) findings.push(unchecked(subject, "Was not sent: interrupted."));
      else if (isSpoilt && !values.leave)
        findings.push(unchecked(subject, "Was not sent: something above is wrong, and it might not be deleted again."));
      else findings.push(...(await tryWithPicture(provider, order)));
    }
  } finally {
    end();
  }
  const scrub = createScrub(listSecrets(parts.config));
  return { title, findings: findings.map((one) => ({ ...one, says: scrub(one.says) })) };
}

/** Longer than all that ends by itself may take. */
const mostMs = 150_000;
const hanging = unchecked(
  "all else",
  "Something on this machine does not answer: a disk, most often one in the network, with the data folder or a file of the settings. Look for it with ls, and mend that.",
);

/** A file that hangs is ended by nobody. */
async function examineInTime({ env, now = Date.now }: Surroundings, most: number): Promise<Examined | "hangs"> {
  const done = new AbortController();
  const late = wait(most, "hangs" as const, { signal: done.signal }).catch(() => "hangs" as const);
  return Promise.race([examine(env, now), late]).finally(() => done.abort());
}

/** `fullbleed doctor …`, of which `words` are what follows. Gives the exit code. Throws UsageError. */
export async function runDoctor(
  surroundings: Surroundings,
  words: readonly string[],
  values: DoctorValues,
  most = mostMs,
): Promise<0 | 1 | 2> {
  requireUsable(words, values);
  const examined = await examineInTime(surroundings, most);
  const stuck = { sections: [{ title: "This server", findings: [hanging] }], parts: undefined };
  const { sections, parts } = examined === "hangs" ? stuck : examined;
  const show = async (section: Section): Promise<void> => {
    if (values.json) return;
    for (const line of writeSection(section)) await surroundings.out(line);
  };
  for (const section of sections) await show(section);
  const all = [...sections];
  if (values["send-test-picture"] && parts !== undefined) {
    const section = await sendTestPictures(surroundings, parts, values, sections);
    all.push(section);
    await show(section);
  }
  const code = judge(all);
  await surroundings.out(values.json ? JSON.stringify({ code, sections: all }, null, 2) : summarise(all));
  if (examined === "hangs") surroundings.end?.();
  return code;
}
