import { access } from "node:fs/promises";
import path from "node:path";
import * as z from "zod/mini";
import type { Config } from "../config.ts";
import { describeDataFailure, tryWriting } from "../data-folder.ts";
import { listPaused } from "../delivery/breaker.ts";
import { findIssuer } from "../issuers.ts";
import { type Loop, startLoop } from "../jobs/loop.ts";
import type { App, AppParts } from "../parts.ts";
import { tryWritingStore } from "../store/open.ts";
import type { BreakerTable } from "../store/schema.ts";
import { answersFromMemory } from "./answers.ts";

const check = z.enum(["ok", "failed"]);
const checks = z.object({ database: check, data: check, designer: check });
const readiness = z.object({
  status: check,
  checks,
  detail: z.optional(z.string()),
  // Not a failure of this server: what is paused waits, and restarting helps nobody.
  paused: z.array(z.object({ productId: z.string(), platform: z.string(), until: z.int(), cause: z.string() })),
});
type Checks = z.infer<typeof checks>;
type Paused = z.infer<typeof readiness>["paused"];

/** What is found is good for `staleMs`, so that a disk that hangs is noticed too. */
export interface HealthPace {
  readonly everyMs: number;
  readonly staleMs: number;
}
const usualPace: HealthPace = { everyMs: 5_000, staleMs: 15_000 };

/** By product and platform: who reads it, which anybody may, is not told whose it is. What a platform has said may name its issuer. */
function summarise(rows: readonly BreakerTable[], { issuers }: Pick<Config, "issuers">): Paused {
  const paused = new Map<string, Paused[number]>();
  for (const row of rows) {
    const { issuer_id: issuerId, product_id: productId, provider: platform, paused_until: until, cause: said } = row;
    const key = `${productId}/${platform}`;
    const known = paused.get(key)?.until ?? 0;
    if (findIssuer(issuers, issuerId) === undefined || until === null || until < known) continue;
    const cause = issuers.length === 1 ? said : "the log says whose, and why";
    paused.set(key, { productId, platform, until, cause });
  }
  return [...paused.values()];
}

/** Anybody may read it: what is wrong, and not why, which the log says. */
const sentences: Readonly<Record<keyof Checks, string>> = {
  database: "The database cannot be written.",
  data: "The data folder cannot be written.",
  designer: "The built designer is not there.",
};

function describeFailed(found: Checks): string {
  const failed = Object.entries(sentences).filter(([name]) => found[name as keyof Checks] === "failed");
  return [...failed.map(([, sentence]) => sentence), "The log says why."].join(" ");
}

const allFailed: Checks = { database: "failed", data: "failed", designer: "failed" };

/** Looks at what the server needs, and remembers it. What changes is logged, with the reason. */
function createWatch({ config, store, log, now }: AppParts, { staleMs }: HealthPace) {
  let found = allFailed;
  let paused: Paused = [];
  let foundAt = Number.NEGATIVE_INFINITY;
  async function attempt(name: keyof Checks, work: Promise<unknown>): Promise<"ok" | "failed"> {
    try {
      await work;
      if (found[name] === "failed" && foundAt > 0) log.info({ check: name }, "ready again");
      return "ok";
    } catch (cause) {
      if (found[name] === "ok" || foundAt < 0)
        log.error({ check: name, err: cause, why: describeDataFailure(cause) }, "not ready");
      return "failed";
    }
  }
  async function lookAtDatabase(): Promise<void> {
    await tryWritingStore(store);
    const rows = await listPaused(store, now());
    paused = summarise(rows, config);
  }
  return {
    async look(): Promise<void> {
      const [database, data, designer] = await Promise.all([
        attempt("database", lookAtDatabase()),
        attempt("data", tryWriting(config.dataFolder)),
        attempt("designer", access(path.join(config.distFolder, "designer/index.html"))),
      ]);
      found = { database, data, designer };
      foundAt = performance.now();
    },
    read: (): Checks => (performance.now() - foundAt > staleMs ? allFailed : found),
    readPaused: (): Paused => paused,
  };
}

/**
 * For an orchestrator. Ready does not depend on the card platform: the server keeps what it gets while that is away, and says
 * which products wait for it.
 * It answers from what was found last, so that nobody can make this server write by asking.
 */
export function registerHealth(app: App, parts: AppParts, pace: HealthPace = usualPace): void {
  const watch = createWatch(parts, pace);
  parts.metrics?.onCollect(({ ready }) => {
    for (const [check, found] of Object.entries(watch.read())) ready.set({ check }, found === "ok" ? 1 : 0);
  });
  let loop: Loop | undefined;
  app.addHook("onReady", async () => {
    const first = Promise.withResolvers<void>();
    const pass = async (): Promise<number> => {
      await watch.look();
      first.resolve();
      return pace.everyMs;
    };
    loop = startLoop(pass, pace.everyMs, first.reject);
    await first.promise;
  });
  app.addHook("onClose", async () => loop?.stop());

  const live = answersFromMemory({ 200: z.object({ status: check }) });
  app.get("/health/live", { schema: { response: live } }, async () => ({ status: "ok" as const }));

  const ready = answersFromMemory({ 200: readiness, 503: readiness });
  app.get("/health/ready", { schema: { response: ready } }, async (_request, reply) => {
    const found = watch.read();
    const answer = { checks: found, paused: watch.readPaused() };
    if (!Object.values(found).includes("failed")) return reply.send({ status: "ok" as const, ...answer });
    void reply.header("retry-after", Math.ceil(pace.everyMs / 1000));
    return reply.code(503).send({ status: "failed" as const, ...answer, detail: describeFailed(found) });
  });
}
