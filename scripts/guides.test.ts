import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isPortrait, products } from "#card/products.ts";
import { openTestApp } from "#server/testing/app.ts";
import { testEnv } from "#server/testing/env.ts";
import { root } from "./steps.mjs";

const read = (name: string): string => readFileSync(join(root, name), "utf8");

/** The first code block of this language. */
function readBlock(page: string, language: string): string {
  const [, block] = new RegExp(`\n\`\`\`${language}\n(.*?)\`\`\`\n`, "s").exec(read(page)) ?? [];
  if (block === undefined) throw new Error(`${page} has no ${language}`);
  return block;
}

/** The rows of the table that follows this line of headings, cell by cell. */
function readTable(page: string, headings: string): string[][] {
  const lines = read(page).split("\n");
  const first = lines.findIndex((line) => line.startsWith(`| ${headings} |`)) + 2;
  if (first < 2) throw new Error(`${page} has no table ${headings}`);
  const rows = lines.slice(first, lines.indexOf("", first));
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const codesIn = (text: string): string[] => [...text.matchAll(/`([\w-]+)`/g)].map(([, code = ""]) => code);

test("what a page has to contain is the same in README, in the guide and in the page that the bank servers serve", () => {
  const script = read("docs/examples/card.js");
  for (const page of ["README.md", "docs/embed.md"]) {
    expect(readBlock(page, "js"), page).toBe(script);
    for (const line of readBlock(page, "html").trim().split("\n")) {
      expect(read("docs/examples/page.html"), page).toContain(`    ${line}\n`);
    }
  }
});

test("the bank server in the guide is the one that is run", () => {
  expect(readBlock("docs/start-here.md", "js")).toBe(read("docs/examples/bank.mjs"));
});

/** Method, path, headers and body of a request as the guide writes it, with a key that is good. */
function readRequest(block: string) {
  const [head = "", payload] = block.replace("YOUR_SECRET_KEY", testEnv.FULLBLEED_ISSUER_KEY).split("\n\n");
  const [first = "", ...lines] = head.trim().split("\n");
  const [method = "", url = ""] = first.split(" ");
  const headers = Object.fromEntries(lines.map((line) => line.split(": ") as [string, string]));
  return { method: method as "POST" | "DELETE", url: new URL(url).pathname, headers, ...(payload && { payload }) };
}

test("the requests in the guide open a session and end it, and are answered as it says", async () => {
  const guide = read("docs/embed.md");
  const [open = "", end = "", ...more] = [...guide.matchAll(/```http\n(.*?)```/gs)].map(([, block = ""]) => block);
  expect(more).toEqual([]);
  const server = await openTestApp();
  try {
    const opened = await server.app.inject(readRequest(open));
    expect(opened.statusCode).toBe(201);
    const [, fields = ""] = /It answers `\{ (.*?) \}`/.exec(guide) ?? [];
    expect(Object.keys(opened.json())).toEqual(fields.split(", ").map((field) => JSON.parse(field) as string));
    const { sessionId } = opened.json<{ sessionId: string }>();
    expect((await server.app.inject(readRequest(end.replace("SESSION_ID", sessionId)))).statusCode).toBe(204);
  } finally {
    await server.close();
  }
});

test("the products in the guide are those that there are", () => {
  const expected = products.map((product) => {
    const { id, trimWidthMm, trimHeightMm, widthPx, heightPx, dpi } = product;
    const size = `${isPortrait(product) ? "stands" : "lies"}, ${trimWidthMm} × ${trimHeightMm} mm`;
    return [`\`${id}\``, size, `${widthPx} × ${heightPx} px, ${dpi} dpi`];
  });
  expect(readTable("docs/start-here.md", "`productId` | The card")).toEqual(expected);
});

test("the page for proxies has the sizes of the products", () => {
  const page = "docs/deployment.md";
  const megabytes = (bytes: number): number => bytes / 1024 / 1024;
  const picture = megabytes(Math.max(...products.map((product) => product.maxPictureBytes)));
  const photo = megabytes(Math.max(...products.map((product) => product.maxPhotoBytes)));
  const atMost = (path: string): string | undefined =>
    readTable(page, "Call | Body | At most")
      .find(([calls]) => calls?.includes(path))
      ?.at(2);
  expect([atMost("/submissions`"), atMost("/assets/SHA256`")]).toEqual([
    `${picture} MB and 12 kB`,
    `${photo} MB and 12 kB`,
  ]);
  // A form has a little more than its file.
  const limits = [...readBlock(page, "nginx").matchAll(/client_max_body_size (\d+)m;/g)].map(([, size]) =>
    Number(size),
  );
  expect(limits).toEqual([picture + 1, photo + 1]);
  const [, apache] = /SecRequestBodyLimit (\d+)/.exec(readBlock(page, "apache")) ?? [];
  expect(megabytes(Number(apache))).toBeGreaterThan(photo + 12 / 1024);
  expect(read("docs/security.md")).toContain(`(${picture + 1} MB; ${photo + 1} MB for a draft's photo)`);
  for (const { id, maxPictureBytes } of products)
    if (megabytes(maxPictureBytes) === picture) expect(read(page)).toContain(`of \`${id}\` ${picture} MB`);
});

const routes = {
  open: ["post", "/v1/sessions"],
  secret: ["post", "/v1/sessions/{sessionId}/client-secrets"],
  end: ["delete", "/v1/sessions/{sessionId}"],
  look: ["get", "/v1/submissions/{submissionId}"],
} as const;

interface Description {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { responses: Readonly<Record<string, { description: string }>> }>>>
  >;
}

/** Of each route `STATUS` where all is well, and `STATUS code`. */
async function describeAnswers(): Promise<Record<string, string[]>> {
  const server = await openTestApp();
  const { paths } = (await server.app.inject({ url: "/v1/openapi.json" })).json<Description>();
  await server.close();
  const answersOf = ([method, path]: readonly [string, string]): string[] =>
    Object.entries(paths[path]?.[method]?.responses ?? {}).flatMap(([status, { description }]) =>
      Number(status) < 300 ? [status] : codesIn(description).map((code) => `${status} ${code}`),
    );
  return Object.fromEntries(Object.entries(routes).map(([name, route]) => [name, answersOf(route).toSorted()]));
}

test("the guide has every answer of the routes that a bank's server calls, and no other", async () => {
  const rows = readTable("docs/start-here.md", "Status | `code`");
  const names = Object.keys(routes);
  const told = names.map((name, column) => {
    const answers = rows
      .filter((row) => row[column + 2] === "yes")
      .flatMap(([status = "", codes = ""]) =>
        codes === "" ? [status] : codesIn(codes).map((code) => `${status} ${code}`),
      );
    return [name, answers.toSorted()] as const;
  });
  expect(Object.fromEntries(told)).toEqual(await describeAnswers());
  for (const row of rows) expect(row.at(-1), row[0]).toMatch(/\w/);
});

/** As GitHub makes it. */
function anchorsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe.each(["docs/start-here.md", "docs/embed.md", "docs/comparison.md", "README.md"])("%s", (page) => {
  test("leads to files and headings that are there", () => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
    expect(links.length).toBeGreaterThan(0);
    for (const [link, path = "", anchor] of links) {
      const target = path === "" ? page : join(page, "..", path);
      expect(existsSync(join(root, target)), link).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(target), link).toContain(anchor);
    }
  });
});

test("each row of the comparison names a test that is there", () => {
  for (const [, , , proof = ""] of readTable("docs/comparison.md", "Widget")) {
    const named = [...proof.matchAll(/`([^`]+\.(?:test|spec)\.ts)`(?: “([^”]+)”)?/g)];
    expect(named, proof).not.toEqual([]);
    for (const [, path = "", title = ""] of named) expect(read(path), `${path}: ${title}`).toContain(title);
  }
});
