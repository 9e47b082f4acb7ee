import { expect, onTestFinished, test } from "vitest";
import type { SessionSecret } from "#contracts/session.ts";
import { absentPlatform, onlyProvider, openTestApp } from "../testing/app.ts";
import { asIssuer } from "../testing/env.ts";
import { createProver } from "../testing/prover.ts";

const wanted = {
  cardholderId: "A1",
  productId: "photo-landscape",
  otherProductIds: ["photo-portrait", "photo-fine"],
  origins: ["https://bank.example"],
};

/** A server that offers these, as long as they are among them. */
async function open(offered: Set<string>) {
  const offers = (id: string): boolean => offered.has(id);
  const making = (_issuer: string, productId: string) => ({
    ...absentPlatform,
    offers,
    findCardholderFault: (id: string) => (productId === "photo-fine" && id === "A1" ? "it is no UUID" : undefined),
  });
  const server = await openTestApp({ parts: { providers: { ...onlyProvider(absentPlatform), making } } });
  onTestFinished(() => server.close());
  const post = (url: string, payload: object, headers: Record<string, string> = asIssuer) =>
    server.app.inject({ method: "POST", url, headers, payload });
  return { post };
}

test("the frame is told of no product that has ceased to be offered since its session was opened", async () => {
  const offered = new Set(["photo-landscape", "photo-portrait", "photo-fine"]);
  const { post } = await open(offered);
  const opened = await post("/v1/sessions", { ...wanted, cardholderId: "A2" });
  const { sessionId, clientSecret } = opened.json<SessionSecret>();
  const enter = async (secret: string) => {
    const path = `/v1/sessions/${sessionId}/tokens`;
    const dpop = createProver().prove({ method: "POST", path });
    return (await post(path, { clientSecret: secret }, { dpop })).json().session as { otherProductIds?: string[] };
  };
  const again = async () => (await post(`/v1/sessions/${sessionId}/client-secrets`, {})).json().clientSecret as string;
  expect((await enter(clientSecret)).otherProductIds).toEqual(wanted.otherProductIds);
  offered.delete("photo-fine");
  expect((await enter(await again())).otherProductIds).toEqual(["photo-portrait"]);
  offered.delete("photo-portrait");
  expect(await enter(await again())).not.toHaveProperty("otherProductIds");
});

test("no session is opened in which a card could be suggested that its cardholder cannot have", async () => {
  const { post } = await open(new Set(["photo-landscape", "photo-portrait", "photo-fine"]));
  const refused = await post("/v1/sessions", wanted);
  expect([refused.statusCode, refused.json().detail]).toEqual([400, "body.cardholderId: it is no UUID."]);
  expect((await post("/v1/sessions", { ...wanted, otherProductIds: ["photo-portrait"] })).statusCode).toBe(201);
});
