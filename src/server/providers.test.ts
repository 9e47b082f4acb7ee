import { expect, test } from "vitest";
import { readConfig } from "./config.ts";
import { createProviders, listWithoutPurge } from "./providers.ts";
import { testEnv } from "./testing/env.ts";

const synctera = {
  FULLBLEED_SYNCTERA_URL: "https://api.synctera.example/v1",
  FULLBLEED_SYNCTERA_API_KEY: "synctera-key",
  FULLBLEED_SYNCTERA_CARD_PRODUCTS: '{"photo-portrait":"7d943c51-e4ff-4e57-9558-08cab6b963c7"}',
  FULLBLEED_SYNCTERA_WEBHOOK_SECRET: "webhook-secret-0123",
};
const create = (env: Record<string, string>) => createProviders(readConfig({ ...testEnv, ...env }), fetch);

test("each product is made by its platform, and what was sent before stays with the one that it was sent to", async () => {
  const { making, of, listOf } = await create({ ...synctera, FULLBLEED_PROVIDER: '{"photo-portrait":"synctera"}' });
  expect(making("default", "photo-portrait")?.name).toBe("synctera");
  for (const nobodys of ["photo-landscape", "toString"]) expect(making("default", nobodys)).toBeUndefined();
  expect(of({ issuer_id: "default", provider: "thales" }).offers("photo-landscape")).toBe(true);
  expect(making("other", "photo-portrait")).toBeUndefined();
  expect(
    listOf("default")
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(["synctera", "thales"]);
});

test("a submission of a platform whose settings are gone waits, with a sentence that names the platform", async () => {
  const { of } = await create({});
  const gone = of({ issuer_id: "default", provider: "synctera" });
  const signal = AbortSignal.timeout(1_000);
  const detail = "the settings of the card platform synctera are missing";
  const said = [
    await gone.send({} as never, signal),
    await gone.find({} as never, signal),
    await gone.getPreview({ cardImageId: "x" }, {} as never, signal),
    await gone.decide("x", { verdict: "approve" }, "key", signal),
  ];
  expect(said).toEqual([
    { kind: "misconfigured", detail },
    { kind: "cannot-tell", detail },
    { kind: "unavailable", detail },
    { kind: "failed", detail },
  ]);
  expect(gone.offers("photo-portrait")).toBe(false);
});

test("of a platform that cannot delete a picture it is known which it is", async () => {
  const products = ["photo-landscape", "photo-portrait"];
  expect(listWithoutPurge(await create({}), [{ id: "default" }], products)).toEqual([]);
  const both = await create({ ...synctera, FULLBLEED_PROVIDER: '{"photo-portrait":"synctera"}' });
  expect(listWithoutPurge(both, [{ id: "default" }], products)).toEqual(["synctera"]);
  expect(both.of({ issuer_id: "default", provider: "gone" }).capabilities("photo-portrait")).toMatchObject({
    decision: null,
    purge: null,
  });
});
