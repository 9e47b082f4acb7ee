import { randomUUID } from "node:crypto";
import { access, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { sql } from "kysely";
import * as z from "zod/mini";
import type { App, AppParts } from "../parts.ts";

const check = z.enum(["ok", "failed"]);
const readiness = z.object({ status: check, checks: z.object({ database: check, data: check, designer: check }) });

async function attempt(work: () => Promise<unknown>): Promise<"ok" | "failed"> {
  return work().then(
    () => "ok",
    () => "failed",
  );
}

async function writeAndRemove(folder: string): Promise<void> {
  const file = path.join(folder, `.ready-${randomUUID()}`);
  try {
    // With content: an empty file fits on a full disk.
    await writeFile(file, Buffer.alloc(4096));
  } finally {
    await rm(file, { force: true });
  }
}

/** For an orchestrator. Ready says nothing about the card platform: the server keeps what it gets while that is away. */
export function registerHealth(app: App, { config, store }: AppParts): void {
  app.get("/health/live", { schema: { response: { 200: z.object({ status: check }) } } }, async () => ({
    status: "ok" as const,
  }));

  app.get("/health/ready", { schema: { response: { 200: readiness, 503: readiness } } }, async (_request, reply) => {
    const checks = {
      database: await attempt(() => sql`select id from sessions limit 1`.execute(store)),
      data: await attempt(() => writeAndRemove(config.dataFolder)),
      designer: await attempt(() => access(path.join(config.distFolder, "designer/index.html"))),
    };
    const status = Object.values(checks).includes("failed") ? "failed" : "ok";
    return reply.code(status === "ok" ? 200 : 503).send({ status, checks });
  });
}
