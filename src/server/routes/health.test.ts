import { rename, rm, stat, writeFile } from "node:fs/promises";
import Fastify from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keepIssuers } from "../issuers.ts";
import type { App } from "../parts.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { listIssuer } from "../testing/listed.ts";
import { type HealthPace, registerHealth } from "./health.ts";

const hour = 3_600_000;

let server: TestApp;
let app: App;
beforeEach(async () => {
  server = await openTestApp();
});
afterEach(async () => {
  await app.close();
  await server.close();
});

async function openHealth(pace: HealthPace): Promise<void> {
  app = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(async (scope) => registerHealth(scope as App, server.parts, pace));
  await app.ready();
}

async function ask(): Promise<[number, unknown]> {
  const answer = await app.inject({ url: "/health/ready" });
  return [answer.statusCode, answer.json().checks];
}

describe("readiness", () => {
  test("says which products wait for the platform, and why, and is good all the same", async () => {
    const key = { issuer_id: "default", provider: "absent", product_id: "photo-landscape" };
    const until = server.parts.now() + 60_000;
    const pause = { failures: 3, pause_ms: 60_000, paused_until: until, cause: "HTTP 503" };
    await server.parts.store
      .insertInto("breakers")
      .values({ ...key, ...pause })
      .execute();
    await openHealth({ everyMs: hour, staleMs: hour });
    const answer = await app.inject({ url: "/health/ready" });
    expect([answer.statusCode, answer.json().paused]).toEqual([
      200,
      [{ productId: "photo-landscape", platform: "absent", until, cause: "HTTP 503" }],
    ]);
  });

  test("with many issuers tells which products wait, but neither for whom nor what a platform has said", async () => {
    const many = await openTestApp({ issuers: [listIssuer("river").entry] });
    const until = many.parts.now() + 60_000;
    const pause = { provider: "thales", failures: 3, pause_ms: 90_000, cause: "river.example: HTTP 503" };
    const rows = [
      { ...pause, issuer_id: "default", product_id: "photo-landscape", paused_until: until },
      { ...pause, issuer_id: "river", product_id: "photo-landscape", paused_until: until + 5 },
      // Of one who is in the configuration no more.
      { ...pause, issuer_id: "gone", product_id: "photo-fine", paused_until: until },
    ];
    await keepIssuers(many.parts.store, [{ id: "gone" }]);
    await many.parts.store.insertInto("breakers").values(rows).execute();
    app = Fastify();
    app.setSerializerCompiler(serializerCompiler);
    await app.register(async (scope) => registerHealth(scope as App, many.parts, { everyMs: hour, staleMs: hour }));
    const answer = await app.inject({ url: "/health/ready" });
    expect(answer.json().paused).toEqual([
      { productId: "photo-landscape", platform: "thales", until: until + 5, cause: "the log says whose, and why" },
    ]);
    await many.close();
  });

  test("tells one platform that a product waits for from another", async () => {
    const until = server.parts.now() + 60_000;
    const pause = { product_id: "photo-landscape", failures: 3, pause_ms: 60_000, paused_until: until, cause: "down" };
    await server.parts.store
      .insertInto("breakers")
      .values(["one", "two"].map((provider) => ({ ...pause, provider, issuer_id: "default" })))
      .execute();
    await openHealth({ everyMs: hour, staleMs: hour });
    const answer = await app.inject({ url: "/health/ready" });
    expect(answer.json().paused.map(({ platform }: { platform: string }) => platform)).toEqual(["one", "two"]);
    expect(answer.body).not.toContain("default");
  });

  test("is good from the first moment while database, data folder and build are there, without a platform", async () => {
    await openHealth({ everyMs: hour, staleMs: hour });
    expect((await app.inject({ url: "/health/live" })).json()).toEqual({ status: "ok" });
    expect(await ask()).toEqual([200, { database: "ok", data: "ok", designer: "ok" }]);
  });

  test("says in words what is wrong, and nothing of why, which is the log's", async () => {
    await openHealth({ everyMs: 10, staleMs: hour });
    const { distFolder, dataFolder } = server.parts.config;
    await rename(distFolder, `${distFolder}.away`);
    const ready = () => app.inject({ url: "/health/ready" });
    await expect.poll(async () => (await ready()).statusCode).toBe(503);
    const answer = await ready();
    expect(answer.json().detail).toBe("The built designer is not there. The log says why.");
    expect(answer.headers["retry-after"]).toBe("1");
    expect(answer.body).not.toMatch(/ENOENT|FULLBLEED|\//);
    expect(answer.body).not.toContain(dataFolder);
    await rename(`${distFolder}.away`, distFolder);
  });

  test("is told to who asks for the head alone, too", async () => {
    await openHealth({ everyMs: hour, staleMs: 50 });
    const ask = (url: string) => app.inject({ method: "HEAD", url });
    await expect.poll(async () => (await ask("/health/ready")).statusCode).toBe(503);
    expect([(await ask("/health/live")).statusCode, (await ask("/health/live")).body]).toEqual([200, ""]);
  });

  test("is answered a thousand times without a file being touched", async () => {
    await openHealth({ everyMs: hour, staleMs: hour });
    const { dataFolder } = server.parts.config;
    const before = await stat(dataFolder, { bigint: true });
    for (let asked = 0; asked < 1_000; asked += 1) await ask();
    const after = await stat(dataFolder, { bigint: true });
    expect([after.mtimeNs, after.ctimeNs]).toEqual([before.mtimeNs, before.ctimeNs]);
  });

  test("ends when the build or the folder to write to goes, says which, and comes back with them", async () => {
    await openHealth({ everyMs: 10, staleMs: hour });
    const { distFolder, dataFolder } = server.parts.config;
    await rename(distFolder, `${distFolder}.away`);
    await rename(dataFolder, `${dataFolder}.away`);
    await writeFile(dataFolder, "in the way");
    await expect.poll(ask).toEqual([503, { database: "ok", data: "failed", designer: "failed" }]);
    expect((await app.inject({ url: "/health/live" })).statusCode).toBe(200);
    await rm(dataFolder);
    await rename(`${distFolder}.away`, distFolder);
    await rename(`${dataFolder}.away`, dataFolder);
    await expect.poll(ask).toEqual([200, { database: "ok", data: "ok", designer: "ok" }]);
    const lines = server.logged.map((line) => JSON.parse(line)).filter(({ check }) => check === "data");
    expect(lines.map(({ msg }) => msg)).toEqual(["not ready", "ready again"]);
    // It may have been looked for between the two.
    expect(["ENOTDIR", "ENOENT"]).toContain(lines[0].err.code);
  });

  test("ends when nothing more fits into the database, and when a part of it cannot be read, and comes back", async () => {
    await openHealth({ everyMs: 10, staleMs: hour });
    const { store } = server.parts;
    const failed = [503, { database: "failed", data: "ok", designer: "ok" }];
    // Pages that tables of before have left are room too.
    await sql`vacuum`.execute(store);
    await sql`pragma max_page_count = 1`.execute(store);
    await expect.poll(ask).toEqual(failed);
    await sql`pragma max_page_count = 100000`.execute(store);
    await expect.poll(ask).toEqual([200, { database: "ok", data: "ok", designer: "ok" }]);
    await sql`alter table breakers rename to away`.execute(store);
    await expect.poll(ask).toEqual(failed);
    await sql`alter table away rename to breakers`.execute(store);
    await expect.poll(ask).toEqual([200, { database: "ok", data: "ok", designer: "ok" }]);
    const lines = server.logged.map((line) => JSON.parse(line)).filter(({ msg }) => msg === "not ready");
    expect(lines[0].why).toMatch(/^FULLBLEED_DATA cannot be used: the disk is full/);
  });

  test("ends when what was found is too old, as when the disk hangs", async () => {
    await openHealth({ everyMs: hour, staleMs: 50 });
    await expect.poll(ask).toEqual([503, { database: "failed", data: "failed", designer: "failed" }]);
  });
});
