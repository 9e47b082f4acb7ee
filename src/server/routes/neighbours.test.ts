import { afterEach, expect, test } from "vitest";
import { openTenants, type Tenant, type Tenants } from "../testing/issuers.ts";

let all: Tenants;
let end: () => void;
afterEach(async () => {
  end();
  await all.server.close();
});

function hanging<Result>(result: Result): Promise<Result> {
  const { promise, resolve } = Promise.withResolvers<Result>();
  const before = end;
  end = () => {
    before();
    resolve(result);
  };
  return promise;
}

const tenantOf = (id: string): Tenant => all.tenants.find((one) => one.id === id)!;

test("previews of an issuer whose platform hangs hold up no other's, however many ask for them", async () => {
  end = () => {};
  let asked = 0;
  all = await openTenants((issuerId) =>
    issuerId === "river"
      ? {
          getPreview: () => {
            asked += 1;
            return hanging({ kind: "not-ready" } as const);
          },
        }
      : {},
  );
  const ask = ({ sessions, submissions }: Tenant, state: "approved" | "rejected", width = 400) => {
    const url = `/v1/submissions/${submissions[state]}/preview?width=${width}`;
    return all.server.app.inject({ url, headers: sessions[state].show("GET", url) });
  };
  const river = tenantOf("river");
  // For the same, the platform is asked once.
  const widths = Array.from({ length: 20 }, (_, n) => 400 + n);
  const waiting = widths.flatMap((width) => [ask(river, "approved", width), ask(river, "rejected", width)]);
  await expect.poll(() => asked).toBe(4);
  expect((await ask(tenantOf("hill"), "approved")).body).toBe("a picture of hill");
  // Those of the queue that are let in after the first are ended at once too.
  all.server.app.server.closeAllConnections();
  const ending = setInterval(() => end(), 10);
  await Promise.all(waiting);
  clearInterval(ending);
});

test("pings of an issuer whose endpoint hangs hold up no other's", async () => {
  end = () => {};
  all = await openTenants(undefined, (url) => {
    const taken = new Response(null, { status: 204 });
    return url.endsWith("/river") ? hanging(taken) : Promise.resolve(taken);
  });
  const ping = ({ key, endpoint }: Tenant) => {
    const headers = { authorization: `Bearer ${key}` };
    const url = `/v1/webhook-endpoints/${endpoint.webhookEndpointId}/ping`;
    return all.server.app.inject({ method: "POST", url, headers });
  };
  const waiting = Array.from({ length: 4 }, () => ping(tenantOf("river")));
  await expect.poll(() => all.posted.length).toBe(4);
  expect((await ping(tenantOf("river"))).statusCode).toBe(429);
  expect((await ping(tenantOf("hill"))).json()).toEqual({ delivered: true, error: null });
  end();
  await Promise.all(waiting);
});
