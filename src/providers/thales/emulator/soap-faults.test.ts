import { once } from "node:events";
import http from "node:http";
import type { Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { thalesDefaults } from "../defaults.ts";
import { writeSendImage } from "../wire.ts";
import { sha256Of } from "#server/testing/picture.ts";
import { type FaultInput, type FaultName, faultKinds, faultsOn } from "./faults.ts";
import {
  addFault,
  callSoap,
  eventually,
  makeNoise,
  openTestPlatform,
  readLedger,
  sendPicture,
  setSwitches,
  type TestPlatform,
  testInformationKey,
  testKeys,
} from "./testing/platform.ts";

const picture = await makeNoise(1036, 664).jpeg().toBuffer();
const soapAction = `${thalesDefaults.namespace}SendImage`;
const body = writeSendImage(thalesDefaults, picture, testKeys["photo-landscape"]);
let platform: TestPlatform;
let url: string;

beforeEach(async () => {
  platform = await openTestPlatform();
  url = await platform.app.listen({ port: 0, host: "127.0.0.1" });
});
afterEach(() => platform.close());

interface Heard {
  /** Null when no answer came. */
  readonly status: number | null;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether the answer came to its end. */
  readonly whole: boolean;
}

/** Sends the picture over a connection of its own, and takes what comes. */
function send(payload: Uint8Array = body): Promise<Heard> {
  return new Promise((resolve) => {
    const headers = { "content-type": "text/xml; charset=utf-8", soapaction: `"${soapAction}"` };
    const request = http.request(`${url}/PDS/ImageUpload.asmx`, { method: "POST", headers, agent: false });
    const none = { status: null, headers: {}, body: Buffer.alloc(0), whole: false };
    request.on("error", () => resolve(none));
    request.on("response", (response) => {
      const parts: Buffer[] = [];
      const end = () => {
        const { statusCode: status = null, complete: whole } = response;
        resolve({ status, headers: response.headers, body: Buffer.concat(parts), whole });
      };
      response
        .on("data", (part: Buffer) => parts.push(part))
        .on("error", () => undefined)
        .on("close", end);
    });
    request.end(payload);
  });
}

const images = async () =>
  (await platform.app.inject("/sandbox/images")).json<{ images: { cardImageId: string; sha256: string }[] }>().images;
const suffer = (fault: FaultName, more: Partial<FaultInput> = {}) =>
  addFault(platform, { method: "SendImage", fault, ...more });
const codeIn = (text: string) => /<ErrorCode>(.*)<\/ErrorCode>/.exec(text)?.[1];
const idIn = (text: string) => /<CardImageID>(.*)<\/CardImageID>/.exec(text)?.[1];

test.each(faultsOn("SendImage"))(
  "SendImage with %s: the picture is there exactly when the ledger and the list of faults say so",
  async (fault) => {
    await suffer(fault, fault === "late" ? { seconds: 0.05 } : {});
    const heard = await send();
    const { works } = faultKinds[fault];
    const stored = await images();
    expect(stored.map(({ sha256 }) => sha256)).toEqual(works ? [sha256Of(picture)] : []);
    const [line, ...others] = await readLedger(platform);
    expect(others).toEqual([]);
    expect(line).toMatchObject({ fault, cardImageId: stored[0]?.cardImageId ?? null });
    expect(line?.evidence?.cardImageId).toBe(stored[0]?.cardImageId);
    if (heard.whole) expect(line?.httpStatus).toBe(heard.status);
    else expect(line?.httpStatus).toBeNull();
    expect((await send()).status, "the next call suffers nothing").toBe(200);
    expect((await images()).length).toBe(works ? 2 : 1);
  },
);

test.each([
  ["minus-one", "-1"],
  ["minus-one-stored", "-1"],
  ["code-1", "1"],
  ["code-2", "2"],
  ["code-minus-2", "-2"],
  ["empty-id", "0"],
] as const)("%s: the answer is %s without an id", async (fault, code) => {
  await suffer(fault);
  const text = (await send()).body.toString();
  expect([codeIn(text), idIn(text)]).toEqual([code, ""]);
  expect((await readLedger(platform))[0]).toMatchObject({ resultCode: Number(code), answeredId: null });
});

test.each([
  ["repeated-id", 1],
  ["repeated-id-stored", 2],
] as const)("%s: two calls are answered with one id, and %i pictures are there", async (fault, count) => {
  const first = idIn((await send()).body.toString());
  await suffer(fault);
  expect(idIn((await send()).body.toString())).toBe(first);
  const stored = await images();
  expect(stored).toHaveLength(count);
  const line = (await readLedger(platform))[1];
  expect(line).toMatchObject({
    resultCode: 0,
    answeredId: first,
    cardImageId: count === 2 ? stored[0]?.cardImageId : null,
  });
});

test.each(faultsOn("SendImage").filter((name) => name.startsWith("page-")))(
  "%s: a web page, with that status",
  async (fault) => {
    await suffer(fault);
    const heard = await send();
    expect([heard.status, heard.headers["content-type"]]).toEqual([
      Number(fault.split("-")[1]),
      "text/html; charset=utf-8",
    ]);
  },
);

test("a SOAP fault blames the caller or the service", async () => {
  await suffer("fault-client");
  await suffer("fault-server");
  for (const code of ["Client", "Server"]) {
    const heard = await send();
    expect([heard.status, heard.body.toString()]).toEqual([500, expect.stringContaining(`<faultcode>soap:${code}<`)]);
  }
});

test("good answers in unusual clothes all say 0 and the id that is kept", async () => {
  const undress: Partial<Record<FaultName, (heard: Heard) => string>> = {
    "reply-gzip": ({ body }) => gunzipSync(body).toString(),
    "reply-mtom": ({ body }) => body.toString().split("\r\n\r\n")[1] ?? "",
    "reply-other-soap": ({ body }) => body.toString(),
    "reply-utf16": ({ body }) => body.toString("utf16le"),
    "reply-bom": ({ body }) => body.toString(),
    "reply-white-space": ({ body }) => body.toString(),
    "reply-braced-id": ({ body }) => body.toString(),
  };
  const said: Record<string, string | undefined> = {};
  for (const [fault, read] of Object.entries(undress)) {
    await suffer(fault as FaultName);
    const heard = await send();
    const text = read(heard);
    said[fault] = `${heard.headers["content-encoding"] ?? ""} ${heard.headers["content-type"]} ${text.slice(0, 6)}`;
    expect(codeIn(text), fault).toBe("0");
    expect(idIn(text)?.replace(/[{}]/g, "").toLowerCase(), fault).toBe((await images())[0]?.cardImageId);
  }
  expect(said).toEqual({
    "reply-gzip": "gzip text/xml; charset=utf-8 <?xml ",
    "reply-mtom":
      ' multipart/related; type="application/xop+xml"; start="<root>"; start-info="text/xml"; boundary="part" <?xml ',
    "reply-other-soap": " application/soap+xml; charset=utf-8 <?xml ",
    "reply-utf16": " text/xml; charset=utf-16 \u{FEFF}<?xml",
    "reply-bom": " text/xml; charset=utf-8 \u{FEFF}<?xml",
    "reply-white-space": " text/xml; charset=utf-8 \r\n<?xm",
    "reply-braced-id": " text/xml; charset=utf-8 <?xml ",
  });
  expect((await readLedger(platform)).at(-1)?.answeredId).toMatch(/^\{[0-9A-F-]{36}\}$/);
});

test("an answer is cut where it was told, in its head or in its body", async () => {
  await suffer("cut-reply", { bytes: 30 });
  await suffer("cut-reply", { bytes: 300 });
  expect(await send()).toMatchObject({ status: null });
  expect(await send()).toMatchObject({ status: 200, whole: false });
  expect(await images()).toHaveLength(2);
});

test("503 is answered before a request has been read, and nobody reads the rest of it", async () => {
  await suffer("unread");
  const connection = once(platform.app.server, "connection") as Promise<[Socket]>;
  const heard = await send(Buffer.concat([body.subarray(0, 200), Buffer.alloc(12_000_000, "A")]));
  expect(heard.status).toBe(503);
  const [socket] = await connection;
  await eventually(() => socket.destroyed);
  expect(socket.bytesRead).toBeLessThan(1_000_000);
});

test("a late answer is there late, and the picture at once", async () => {
  await suffer("late", { seconds: 0.5 });
  const begun = performance.now();
  const answer = send();
  await eventually(async () => (await images()).length === 1);
  expect((await answer).status).toBe(200);
  expect(performance.now() - begun).toBeGreaterThan(490);
});

test("whatever waits ends when the platform is closed", async () => {
  await suffer("late", { seconds: 600 });
  await suffer("unread");
  const answers = [send(), send()];
  await eventually(async () => (await readLedger(platform)).length === 2);
  const closed = await Promise.race([platform.app.close().then(() => "closed"), wait(50_000, "open", { ref: false })]);
  expect(closed).toBe("closed");
  await Promise.all(answers);
});

test("faults are taken in their order, as often as they say, and outlive a restart", async () => {
  await suffer("code-1", { times: 2 });
  await suffer("code-2", { times: null });
  await suffer("empty-id");
  const codes = async (count: number) => {
    const heard = [];
    for (let call = 0; call < count; call += 1)
      heard.push(codeIn((await callSoap(platform, "SendImage", { Image: "", handoverKey: "" })).body));
    return heard;
  };
  expect(await codes(1)).toEqual(["1"]);
  await platform.app.close();
  platform = await openTestPlatform({ folder: platform.folder });
  expect(await codes(3)).toEqual(["1", "2", "2"]);
  const left = await platform.app.inject({ method: "DELETE", url: "/sandbox/faults?method=SendImage" });
  expect(left.json()).toEqual({ faults: [] });
  expect(await codes(1)).toEqual(["2"]);
});

test("cruel: with one seed the same calls are treated alike, each time that it is set anew", async () => {
  const cruel = { on: true, seed: 11, chance: 0, chances: { SendImage: { "code-1": 0.4, "code-minus-2": 0.3 } } };
  const codes = async () => {
    await setSwitches(platform, { cruel });
    const replies = [];
    for (let call = 0; call < 12; call += 1)
      replies.push(codeIn((await callSoap(platform, "SendImage", { Image: "AAAA", handoverKey: "x" })).body));
    return replies;
  };
  const first = await codes();
  expect(new Set(first).size).toBeGreaterThan(1);
  expect(await codes()).toEqual(first);
  await setSwitches(platform, { cruel: { on: false } });
  expect(codeIn((await callSoap(platform, "SendImage", { Image: "AAAA", handoverKey: "x" })).body)).toBe("2");
});

test("after a cruel run every call has its line, and every picture the line that tells of it", async () => {
  await setSwitches(platform, { cruel: { on: true, seed: 4, chance: 0.03, longestSeconds: 0.05 } });
  const count = 120;
  const sender = async (nth: number): Promise<void> => {
    if (nth >= count) return;
    await send();
    await sender(nth + 8);
  };
  await Promise.all(Array.from({ length: 8 }, (_, nth) => sender(nth)));
  const lines = await eventually(async () => {
    const calls = await readLedger(platform);
    return calls.length >= count && calls;
  });
  expect(lines).toHaveLength(count);
  expect(new Set(lines.map(({ fault }) => fault)).size).toBeGreaterThan(20);
  const kept = (await images()).map(({ cardImageId }) => cardImageId);
  expect(new Set(lines.flatMap(({ evidence }) => evidence?.cardImageId ?? []))).toEqual(new Set(kept));
  expect(kept.length).toBeGreaterThan(30);
});

test("cruel with impossible chances is refused and changes nothing", async () => {
  const payload = { cruel: { on: true, chance: 0.5 } };
  expect((await platform.app.inject({ method: "PUT", url: "/sandbox/switches", payload })).statusCode).toBe(400);
  const chances = { SendImage: { never: 0.1 } };
  const wrong = { method: "PUT", url: "/sandbox/switches", payload: { cruel: { chances } } } as const;
  expect((await platform.app.inject(wrong)).statusCode).toBe(400);
  expect((await platform.app.inject("/sandbox/switches")).json()).toMatchObject({ cruel: { on: false, chances: {} } });
});

test("SetCustomDataCapture suffers its own faults, and keeps the value or not", async () => {
  const id = await sendPicture(platform, picture);
  const set = () =>
    callSoap(platform, "SetCustomDataCapture", {
      CardImageID: id,
      ImageInformation_Key: testInformationKey,
      DataCapture: "Ref=A1",
    });
  const kept = async () =>
    (await platform.app.inject("/sandbox/images")).json<{ images: { reference: string | null }[] }>().images[0]
      ?.reference;
  for (const [fault, answer, reference] of [
    ["minus-one", ">-1<", null],
    ["page-504-stored", "The gateway", "A1"],
  ] as const) {
    await addFault(platform, { method: "SetCustomDataCapture", fault });
    expect((await set()).body).toContain(answer);
    expect(await kept()).toBe(reference);
  }
});
