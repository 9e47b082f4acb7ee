import { expect, test } from "vitest";
import type { AnnotateOutcome } from "../provider.ts";
import type { ThalesOptions } from "./options.ts";
import { providerAt, serve } from "./testing/platform.ts";

const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const key = {
  imageInformationKey: "CANARY-INFORMATION-KEY",
  referenceFields: { "photo-landscape": "Reference" },
};
const reference = "REFERENCE0REFERENCE0";
const reply = (code: string) =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><SetCustomDataCaptureResponse xmlns="http://tempuri.org/"><SetCustomDataCaptureResult>${code}</SetCustomDataCaptureResult></SetCustomDataCaptureResponse></s:Body></s:Envelope>`;

function annotate(
  url: string,
  options: Partial<ThalesOptions> = key,
  values: Record<string, string> = { Branch: "A & B" },
): Promise<AnnotateOutcome> {
  return providerAt(url, options).annotate(id, "photo-landscape", reference, values, AbortSignal.timeout(60_000));
}

test("SetCustomDataCapture goes out with the id, the key and the values, in this order", async () => {
  const { url, heard } = await serve((response) => response.end(reply("0")));
  expect(await annotate(url)).toEqual({ kind: "done" });
  expect(heard[0]).toMatchObject({
    url: "/soap",
    headers: { soapaction: '"http://tempuri.org/SetCustomDataCapture"' },
  });
  expect(heard[0]?.body.toString()).toContain(
    `<SetCustomDataCapture xmlns="http://tempuri.org/"><CardImageID>${id}</CardImageID><ImageInformation_Key>CANARY-INFORMATION-KEY</ImageInformation_Key><DataCapture>Reference=REFERENCE0REFERENCE0&amp;Branch=A%20%26%20B</DataCapture></SetCustomDataCapture>`,
  );
});

test("address, action and names are the installation's", async () => {
  const { url, heard } = await serve((response) => response.end(reply("0")));
  await annotate(url, {
    ...key,
    setDataCaptureUrl: `${url}/information`,
    setDataCaptureSoapAction: "urn:set",
    cardImageIdField: "Id",
    imageInformationKeyField: "Key",
    dataCaptureField: "Data",
  });
  expect(heard[0]).toMatchObject({ url: "/information", headers: { soapaction: '"urn:set"' } });
  expect(heard[0]?.body.toString()).toMatch(/<Id>.*<\/Id><Key>.*<\/Key><Data>.*<\/Data>/);
});

test("our reference is written once, under the product's field, and other values without it where there is none", async () => {
  const { url, heard } = await serve((response) => response.end(reply("0")));
  await annotate(url, key, {});
  await annotate(url, key, { REFERENCE: "CANARY", Branch: "7" });
  await annotate(url, { imageInformationKey: "CANARY" }, { Branch: "7" });
  const written = heard.map(({ body }) => /<DataCapture>(.*)<\/DataCapture>/.exec(body.toString())?.[1]);
  expect(written).toEqual([`Reference=${reference}`, `Reference=${reference}&amp;Branch=7`, "Branch=7"]);
});

test.each([
  [200, "0", "done"],
  [200, "-1", "failed"],
  [200, "4", "failed"],
  [200, "1", "refused"],
  [200, "2", "refused"],
  [200, "3", "refused"],
  [200, "5", "refused"],
  [200, "6", "refused"],
  [200, "99", "failed"],
  [200, "CANARY", "failed"],
  [500, "0", "failed"],
  [404, "0", "failed"],
  [401, "2", "failed"],
] as const)("HTTP %i with the code %s is %s", async (status, code, kind) => {
  const { url } = await serve((response) => response.writeHead(status).end(reply(code)));
  const outcome = await annotate(url);
  expect(outcome.kind).toBe(kind);
  expect(JSON.stringify(outcome)).not.toContain("CANARY");
});

test.each([
  ["a web page", "<html>CANARY</html>"],
  [
    "a fault",
    "<Envelope><Body><Fault><faultcode>Client</faultcode><faultstring>CANARY</faultstring></Fault></Body></Envelope>",
  ],
  ["two results", reply("0</SetCustomDataCaptureResult><SetCustomDataCaptureResult>1")],
  ["another method's result", reply("0").replaceAll("SetCustomDataCaptureResult", "ErrorCode")],
  ["nothing", ""],
])("answered with %s, it has failed and may be repeated", async (_what, body) => {
  const { url } = await serve((response) => response.end(body));
  const outcome = await annotate(url);
  expect(outcome).toMatchObject({ kind: "failed", detail: expect.stringMatching(/^SetCustomDataCapture /) });
  expect(JSON.stringify(outcome)).not.toContain("CANARY");
});

test("a platform that is not there, and a call that is given up, have failed", async () => {
  expect((await annotate("http://127.0.0.1:9")).kind).toBe("failed");
  const provider = providerAt("http://127.0.0.1:9", key);
  expect((await provider.annotate(id, "photo-landscape", reference, {}, AbortSignal.abort())).kind).toBe("failed");
});

test("without a key, without a value or with a control character nothing is sent", async () => {
  const { url, heard } = await serve((response) => response.end(reply("0")));
  expect(await annotate(url, {})).toEqual({ kind: "refused", detail: "There is no ImageInformation_Key" });
  expect((await annotate(url, { imageInformationKey: "CANARY" }, {})).kind).toBe("refused");
  expect((await annotate(url, key, { Branch: "CANARY\r\n" })).kind).toBe("refused");
  expect(heard).toHaveLength(0);
});
