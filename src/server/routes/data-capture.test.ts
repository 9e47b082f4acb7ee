import { describe, expect, test } from "vitest";
import { noCapabilities } from "#providers/provider.ts";
import { absentPlatform, onlyProvider, openTestApp } from "../testing/app.ts";
import { asIssuer } from "../testing/env.ts";

describe("data that is to stand beside the picture", () => {
  const fields = ["CardReference", "Branch"];
  const capabilities = () => ({ ...noCapabilities, reference: true, search: true, annotate: true, fields });

  async function openWith(dataCapture: unknown): Promise<{ status: number; detail: string }> {
    const own = await openTestApp({ parts: { providers: onlyProvider({ ...absentPlatform, capabilities }) } });
    const body = { cardholderId: "A1", productId: "photo-landscape", origins: ["https://bank.example"], dataCapture };
    const answer = await own.app.inject({ method: "POST", url: "/v1/sessions", headers: asIssuer, payload: body });
    await own.close();
    return { status: answer.statusCode, detail: (answer.json() as { detail?: string }).detail ?? "" };
  }

  test("is taken for the product's own fields", async () => {
    expect((await openWith({ CardReference: "A-4711", Branch: "Bergen" })).status).toBe(201);
    expect((await openWith({})).status).toBe(201);
  });

  test.each([
    [{ Colour: "red" }, "they are CardReference, Branch"],
    [{ Branch: "a\u0007b" }, "Branch has a control character"],
    [{ Branch: "" }, "body.dataCapture"],
    [{ Branch: "x".repeat(201) }, "body.dataCapture"],
    [{ "named-by-mistake": "x".repeat(201) }, "body.dataCapture: "],
    [{ CardReference: "4111 1111 1111 1111" }, "looks like a card number"],
    [{ CardReference: "5500-0000-0000-0004" }, "looks like a card number"],
  ])("%j is refused with a sentence that does not repeat the value", async (dataCapture, sentence) => {
    const { status, detail } = await openWith(dataCapture);
    expect(status).toBe(400);
    expect(detail).toContain(sentence);
    expect(detail).not.toContain("named-by-mistake");
    for (const value of Object.values(dataCapture)) if (value !== "") expect(detail).not.toContain(value);
  });

  test("a number that no check digit makes a card's is a reference like any other", async () => {
    expect((await openWith({ CardReference: "4111111111111112" })).status).toBe(201);
    expect((await openWith({ CardReference: "123456789012" })).status).toBe(201);
  });
});
