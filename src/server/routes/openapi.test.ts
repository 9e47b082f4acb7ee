import { afterEach, beforeEach, expect, test } from "vitest";
import { problems } from "#contracts/problem.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";

interface Operation {
  readonly summary?: string;
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: { readonly properties: object } }>>;
  };
  readonly security?: readonly Record<string, unknown>[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly responses: Readonly<Record<string, { description: string; content?: Record<string, unknown> }>>;
}
interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly webhooks: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly securitySchemes: object };
}

let server: TestApp;
let description: Description;
beforeEach(async () => {
  server = await openTestApp();
  description = (await server.app.inject({ url: "/v1/openapi.json" })).json();
});
afterEach(() => server.close());

/** Every route that the router really has, as `GET /v1/x/{y}`. */
function registeredRoutes(): string[] {
  const tree = server.app.printRoutes({ commonPrefix: false, includeHooks: false });
  const routes: string[] = [];
  const stack: string[] = [];
  for (const line of tree.split("\n")) {
    const match = /^([│ ]*)[├└]── (\S+)(?: \((.+)\))?$/.exec(line);
    if (match === null) continue;
    const [, indent = "", part = "", methods = ""] = match;
    stack.splice(indent.length / 4, Infinity, part);
    const url = stack.join("").replaceAll(/:(\w+)/g, "{$1}");
    for (const method of methods.split(", ").filter((name) => name !== "" && name !== "HEAD"))
      routes.push(`${method} ${url}`);
  }
  return routes.filter((route) => route.includes(" /v1/"));
}

test("every route under /v1 is in the OpenAPI description, and nothing else", () => {
  const described = Object.entries(description.paths)
    .filter(([url]) => url.startsWith("/v1/"))
    .flatMap(([url, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${url}`));
  const registered = registeredRoutes();
  expect(registered).toContain("POST /v1/sessions/{sessionId}/tokens");
  expect(described.toSorted()).toEqual(registered.toSorted());
});

test("the headers without which nothing can be sent are said to be required", () => {
  const { parameters } = description.paths["/v1/sessions/{sessionId}/submissions"]?.post ?? {};
  const required = (parameters ?? []).filter((one) => one.in === "header" && one.required === true);
  expect(required.map(({ name }) => name)).toEqual(["design-digest", "idempotency-key"]);
});

test("each says what it is for, who may call it, and which problems it can have", () => {
  expect(description.openapi).toBe("3.1.0");
  expect(Object.keys(description.components.securitySchemes)).toContain("issuerKey");
  for (const [url, operations] of Object.entries(description.paths).filter(([path]) => path.startsWith("/v1/"))) {
    for (const [method, { summary, security, responses }] of Object.entries(operations)) {
      const name = `${method} ${url}`;
      expect(summary, name).toBeTruthy();
      for (const scheme of (security ?? []).flatMap((one) => Object.keys(one))) {
        expect(Object.keys(description.components.securitySchemes), name).toContain(scheme);
        expect(responses["401"], name).toBeDefined();
      }
      for (const [status, response] of Object.entries(responses).filter(([code]) => code >= "400")) {
        expect(Object.keys(response.content ?? {}), `${name} ${status}`).toEqual(["application/problem+json"]);
        const codes = [...response.description.matchAll(/`([a-z-]+)`/g)].map(
          ([, code]) => problems[code as keyof typeof problems].status,
        );
        expect(new Set(codes), `${name} ${status}`).toEqual(new Set([Number(status)]));
      }
    }
  }
});

test("what this server calls is described too: the webhook, its headers and its body", () => {
  const { requestBody, parameters } = description.webhooks["event"]?.post ?? {};
  expect(parameters?.map(({ name }) => name)).toEqual(["webhook-id", "webhook-timestamp", "webhook-signature"]);
  const { schema } = requestBody?.content["application/json"] ?? {};
  expect(Object.keys(schema?.properties ?? {})).toEqual(["id", "type", "timestamp", "seq", "event", "data"]);
});

test("every moment and every duration says whose it is", () => {
  const found: string[] = [];
  const search = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    const { properties = {} } = part as { properties?: Readonly<Record<string, { description?: string }>> };
    for (const [name, { description = "" }] of Object.entries(properties).filter(([key]) =>
      /(At|Seconds)$/i.test(key),
    )) {
      found.push(name);
      expect(description, name).toMatch(/at$/i.test(name) ? /^Epoch milliseconds.{20}/ : /seconds .{20}/);
    }
    for (const inner of Object.values(part)) search(inner);
  };
  search(description);
  const known = ["agreedAt", "clientSecretExpiresAt", "expiresAt", "expiresInSeconds", "sessionExpiresAt", "updatedAt"];
  const ofHistory = [
    "at",
    "endedAt",
    "exportedAt",
    "foundAt",
    "goneAt",
    "shownAt",
    "revokedAt",
    "runAt",
    "startedAt",
    "takenAt",
  ];
  const ofWebhooks = ["createdAt", "givenUpAt", "nextTryAt", "overlapSeconds", "previousSecretsExpireAt"];
  const ofDrafts = ["changedAt", "storedAt"];
  expect([...new Set(found)].sort()).toEqual([...known, ...ofHistory, ...ofWebhooks, ...ofDrafts].sort());
});
