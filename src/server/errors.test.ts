import Fastify from "fastify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Problem, type ProblemCode, problems } from "#contracts/problem.ts";
import { problemTexts } from "#contracts/problem-details.ts";
import { createErrorAnswer } from "./errors.ts";
import { createLog } from "./log.ts";
import { createRequestLog } from "./request-log.ts";
import { createScrub } from "./scrub.ts";

const codes = Object.keys(problems) as ProblemCode[];
let logged: { level: number; code?: string; err?: { stack: string } }[];
let failure: unknown;
let app: ReturnType<typeof open>;

function open() {
  const scrub = createScrub([]);
  const destination = { write: (line: string) => void logged.push(JSON.parse(line)) };
  const server = Fastify({
    loggerInstance: createLog({ level: "warn", scrub, destination }),
    logController: createRequestLog(),
  });
  server.setErrorHandler(createErrorAnswer(scrub, "/data"));
  server.get("/", async () => {
    throw failure;
  });
  return server;
}

beforeEach(() => {
  logged = [];
  app = open();
});
afterEach(() => app.close());

describe("an answer that is a problem", () => {
  test.each(codes)("%s says in a sentence what happened and what to do", async (code) => {
    failure = new Problem(code);
    const answer = await app.inject({ url: "/" });
    const { status, retryable } = problems[code];
    const { title, help } = problemTexts[code];
    const type = `urn:fullbleed:problem:${code}`;
    expect(answer.json()).toEqual({ type, title, status, code, retryable, detail: help });
    expect(help).toMatch(/^[A-Z].{30,}\.$/);
    if (help.includes("Retry-After")) expect(answer.headers["retry-after"]).toMatch(/^\d+$/);
  });

  test("has the better sentence of whoever knows more", async () => {
    failure = new Problem("picture-refused", { detail: "The picture has an alpha channel." });
    expect((await app.inject({ url: "/" })).json().detail).toBe("The picture has an alpha channel.");
  });

  test.each([
    { statusCode: 400 },
    { statusCode: 403 },
    { statusCode: 413 },
    { code: "FST_ERR_CTP_INVALID_MEDIA_TYPE", statusCode: 415 },
    { code: "FST_ERR_CTP_INVALID_JSON_BODY", statusCode: 400 },
    {},
  ])("has a sentence when another library failed with %j", async (fields) => {
    failure = Object.assign(new Error("canary"), fields);
    const { detail } = (await app.inject({ url: "/" })).json();
    expect(detail).toMatch(/^[A-Z].*\.$/);
    expect(detail).not.toContain("canary");
  });
});

describe("a disk or database that does not do what it should", () => {
  test.each([
    { code: "ENOSPC" },
    { code: "EDQUOT" },
    { code: "EIO" },
    { code: "EROFS" },
    { code: "EMFILE" },
    { code: "ESTALE" },
    { code: "EACCES", path: "/data/pictures/00/x.part" },
    { code: "ENOENT", path: "/data/pictures/00/x.part" },
    { code: "ERR_SQLITE_ERROR", errcode: 5 },
    { code: "ERR_SQLITE_ERROR", errcode: 8 },
    { code: "ERR_SQLITE_ERROR", errcode: 778 },
    { code: "ERR_SQLITE_ERROR", errcode: 13 },
    { code: "ERR_SQLITE_ERROR", errcode: 15 },
    { code: "ENFILE", path: "/dist/designer/index.html" },
    { code: "ENOMEM" },
    { cause: Object.assign(new Error("in a cause"), { code: "EMFILE", path: "/dist/designer/index.html" }) },
  ])("is 503 with a time to try again (%j)", async (fields) => {
    failure = Object.assign(new Error("canary"), fields);
    const answer = await app.inject({ url: "/" });
    expect(answer.statusCode).toBe(503);
    expect(answer.json().code).toBe("storage-unavailable");
    expect(answer.headers["retry-after"]).toMatch(/^\d+$/);
    expect(answer.body).not.toContain("canary");
  });

  test.each([
    new RangeError("Array buffer allocation failed"),
    Object.assign(new Error("no memory"), { code: "Z_MEM_ERROR" }),
  ])("is told from a server without memory for a moment (%s)", async (error) => {
    failure = error;
    const answer = await app.inject({ url: "/" });
    expect([answer.statusCode, answer.json().code]).toEqual([503, "overloaded"]);
  });

  test("is in the log as one error with a sentence and no stack, however many ask", async () => {
    failure = Object.assign(new Error("no space left"), { code: "ENOSPC" });
    for (let asked = 0; asked < 5; asked += 1) await app.inject({ url: "/" });
    const [first, ...others] = logged;
    expect(first).toMatchObject({ level: 50, code: "storage-unavailable" });
    expect(first).toHaveProperty("msg", expect.stringMatching(/the disk is full\. Make room/));
    expect(first).not.toHaveProperty("err");
    expect(others.map(({ level }) => level)).toEqual([40, 40, 40, 40, 40]);
    failure = Object.assign(new Error("read-only"), { code: "EROFS" });
    await app.inject({ url: "/" });
    expect(logged.slice(-2)).toMatchObject([{ level: 50 }, { level: 40 }]);
  });

  test.each([
    { code: "ERR_SQLITE_ERROR", errcode: 1 },
    { code: "ENOENT", path: "/dist/designer/index.html" },
    { cause: Object.assign(new Error("none"), { code: "ENOENT", path: "/dist/designer/index.html" }) },
    { code: "ECONNRESET" },
  ])("is not what %j says", async (fields) => {
    failure = Object.assign(new Error("no such column"), fields);
    expect((await app.inject({ url: "/" })).json().code).toBe("internal");
  });
});

describe("the log", () => {
  test.each(["overloaded", "platform-unavailable"] as const)("has a warning without a stack for %s", async (code) => {
    failure = new Problem(code);
    await app.inject({ url: "/" });
    expect(logged).toMatchObject([{ level: 40, code }]);
    expect(logged[0]).not.toHaveProperty("err");
  });

  test("has the stack of what nobody expected", async () => {
    failure = new TypeError("broken");
    await app.inject({ url: "/" });
    expect(logged).toMatchObject([
      { level: 50, code: "internal", err: { stack: expect.stringContaining("TypeError") } },
      { level: 40, code: "internal", msg: "answered" },
    ]);
  });

  test("has nothing for what the caller did", async () => {
    failure = new Problem("bad-request");
    await app.inject({ url: "/" });
    expect(logged).toEqual([]);
  });
});
