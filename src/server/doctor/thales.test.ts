import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { listenLocally } from "#providers/testing/listen.ts";
import { addFault, readLedger, setSwitches, type TestPlatform } from "#providers/thales/emulator/testing/platform.ts";
import { runCli } from "../cli.ts";
import { type DoctorBench, doctor, expectOneWrong, openThalesBench, page, serve } from "../testing/doctor.ts";

let bench: DoctorBench<TestPlatform>;
beforeEach(async () => {
  bench = await openThalesBench();
});

const withEnv = (change: Record<string, string>): Record<string, string> => ({ ...bench.env, ...change });

test("settings in which nothing is wrong: all is said to be well, nothing is sent, and the data folder stays as it is", async () => {
  const { code, of } = await doctor(bench.env);
  expect(of("wrong")).toEqual([]);
  expect(of("unchecked")).toEqual([]);
  expect(code).toBe(0);
  const good = of("ok").join("\n");
  for (const words of ["address and delivery key are taken", "Thales knows the key", "search for our reference"])
    expect(good).toContain(words);
  await expect(stat(bench.env["FULLBLEED_DATA"] ?? "")).rejects.toThrow("ENOENT");
  const calls = await readLedger(bench.platform);
  expect(calls.map(({ method }) => method)).not.toContain("SendImage");
  expect(calls.map(({ method }) => method)).toContain("SetImageToPurge");
});

test("for people it is lines of at most 80 columns, and one sentence at the end", async () => {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  expect(await runCli({ args: ["doctor"], env: bench.env, fetch, out: write, err: write })).toBe(0);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.at(-1)).toBe("Nothing is wrong.");
  expect(lines.join("\n")).not.toMatch(/canary/i);
});

describe("one mistake is one sentence that names the setting", () => {
  test("a delivery key that Thales does not know", () =>
    expectOneWrong(
      withEnv({ FULLBLEED_THALES_IMAGE_DELIVERY_KEY: "another-key-canary" }),
      /^FULLBLEED_THALES_IMAGE_DELIVERY_KEY: .*does not know the key/,
    ));

  test("a handover key that Thales does not know", () =>
    expectOneWrong(
      withEnv({
        FULLBLEED_THALES_HANDOVER_KEYS: JSON.stringify({
          "photo-landscape": "CANARY-KEY-L",
          "photo-portrait": "CANARY-OTHER",
        }),
      }),
      /^FULLBLEED_THALES_HANDOVER_KEYS: photo-portrait: .*does not know the key/,
    ));

  test("a gallery's handover key that Thales does not know", () =>
    expectOneWrong(
      withEnv({ FULLBLEED_THALES_GALLERY_HANDOVER_KEYS: JSON.stringify({ "photo-landscape": "CANARY-OTHER" }) }),
      /^FULLBLEED_THALES_GALLERY_HANDOVER_KEYS: photo-landscape: .*unchecked \(gallery\)/,
    ));

  test("a wrong namespace, with the right one", () =>
    expectOneWrong(
      withEnv({ FULLBLEED_THALES_NAMESPACE: "http://thales.example/" }),
      /^FULLBLEED_THALES_NAMESPACE: .*namespace is http:\/\/tempuri\.org\//,
    ));

  test("a wrong SOAPAction, with the right one", () =>
    expectOneWrong(
      withEnv({ FULLBLEED_THALES_PURGE_SOAP_ACTION: "http://tempuri.org/Purge" }),
      /^FULLBLEED_THALES_PURGE_SOAP_ACTION: .*is http:\/\/tempuri\.org\/SetImageToPurge/,
    ));

  test("a wrong name of an element", () =>
    expectOneWrong(
      withEnv({ FULLBLEED_THALES_IMAGE_FIELD: "Picture" }),
      /^FULLBLEED_THALES_IMAGE_FIELD: .*no such element in SendImageWithDataCapture/,
    ));

  test("a data-capture field that cannot be searched", () =>
    expectOneWrong(
      withEnv({ FULLBLEED_THALES_REFERENCE_FIELDS: JSON.stringify({ "photo-landscape": "Reference" }) }),
      /^FULLBLEED_THALES_REFERENCE_FIELDS: photo-landscape: .*"Reference"/,
    ));

  test("another parameter for what is searched", () =>
    expectOneWrong(
      withEnv({ FULLBLEED_THALES_SEARCH_VALUE_PARAMETER: "SearchValue" }),
      /^FULLBLEED_THALES_SEARCH_VALUE_PARAMETER: .*Ask Thales/,
    ));

  test("an address from which pictures may not be deleted", async () => {
    await setSwitches(bench.platform, {
      purge: { allowedAddresses: { product: {}, partner: null, issuer: "10.0.0.1" } },
    });
    await expectOneWrong(bench.env, /^FULLBLEED_THALES_PURGE_KEYS: .*IP address.*AAM_Purge_WS_IP_Restrict/);
  });

  test("a purge key that is refused", async () => {
    await addFault(bench.platform, { method: "SetImageToPurge", fault: "code-2" });
    await expectOneWrong(bench.env, /^FULLBLEED_THALES_PURGE_KEYS: photo-landscape: .*refuses the ImagePurgeKey/);
  });

  test("the second of two purge keys that is refused", async () => {
    await addFault(bench.platform, { method: "SetImageToPurge", fault: "code-1" });
    await addFault(bench.platform, { method: "SetImageToPurge", fault: "code-2" });
    await expectOneWrong(
      withEnv({
        FULLBLEED_THALES_PURGE_KEYS: JSON.stringify({
          "photo-landscape": "CANARY-ONE",
          "photo-portrait": "CANARY-TWO",
        }),
      }),
      /^FULLBLEED_THALES_PURGE_KEYS: photo-portrait: .*refuses the ImagePurgeKey/,
    );
  });

  test("the address of deletions, where they have one of their own", async () => {
    const { of } = await expectOneWrong(
      withEnv({ FULLBLEED_THALES_PURGE_URL: `${await serve(404, "text/html", page)}/Purge.asmx` }),
      /^FULLBLEED_THALES_PURGE_URL: .*HTTP 404.*not the address of the web service/,
    );
    expect(of("ok").join()).toContain(
      "FULLBLEED_THALES_IMAGE_INFORMATION_KEY: Writing data beside a picture is answered",
    );
  });

  test("a path at which the platform has no previews", () =>
    expectOneWrong(
      withEnv({
        FULLBLEED_THALES_GET_IMAGE_URL: `${bench.origin}/PDS/ImageUpload.asmx`,
        FULLBLEED_THALES_TEMPLATE_URL: `${bench.origin}/ImageAPI/GetTemplate`,
      }),
      /^FULLBLEED_THALES_GET_IMAGE_URL: .*HTTP 302: it is not the address of GetImage/,
    ));

  test.each([200, 404])("a web page (%i) in the place of previews", async (status) => {
    const url = `${await serve(status, "text/html", page)}/ImageAPI/GetImage`;
    await expectOneWrong(
      withEnv({ FULLBLEED_THALES_GET_IMAGE_URL: url }),
      /^FULLBLEED_THALES_GET_IMAGE_URL: A web page answers there/,
    );
  });

  test("another server's 404 in the place of previews; one without a word may be Thales'", async () => {
    const other = `${await serve(404, "application/json", '{"message":"no Route matched"}')}/ImageAPI/GetImage`;
    await expectOneWrong(
      withEnv({ FULLBLEED_THALES_GET_IMAGE_URL: other }),
      /^FULLBLEED_THALES_GET_IMAGE_URL: .*HTTP 404.*not the address of GetImage/,
    );
    const silent = `${await serve(404, "text/plain", "")}/ImageAPI/GetImage`;
    const { of, code } = await doctor(withEnv({ FULLBLEED_THALES_GET_IMAGE_URL: silent }));
    expect([of("wrong"), code]).toEqual([[], 2]);
    expect(of("unchecked")).toEqual([
      expect.stringMatching(/^FULLBLEED_THALES_GET_IMAGE_URL: HTTP 404 without a word/),
    ]);
  });

  test.each([
    [200, "a web page"],
    [404, "HTTP 404"],
  ])("a web page (%i) in the place of the web service", async (status, words) => {
    const url = `${await serve(status, "text/html", page)}/PDS/ImageUpload.asmx`;
    const { of } = await expectOneWrong(
      withEnv({ FULLBLEED_THALES_SOAP_URL: url }),
      /^FULLBLEED_THALES_SOAP_URL: .*not the address of the web service/,
    );
    expect(of("wrong").join()).toContain(words);
  });

  test("a wrong namespace at a service that shows no WSDL", async () => {
    const fault =
      '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode><faultstring>canary</faultstring></soap:Fault></soap:Body></soap:Envelope>';
    const url = `${await serve(500, "text/xml", fault)}/PDS/ImageUpload.asmx`;
    await expectOneWrong(
      withEnv({ FULLBLEED_THALES_SOAP_URL: url }),
      /^FULLBLEED_THALES_NAMESPACE: .*does not understand the call/,
    );
  });

  test("answers that begin and never end say nothing of the address, and are waited for no longer than for others", async () => {
    const drip = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { "content-type": "text/xml" }).write("<");
    });
    onTestFinished(() => drip.close().closeAllConnections());
    const url = `${await listenLocally(drip)}/PDS/ImageUpload.asmx`;
    const { of, code } = await doctor(withEnv({ FULLBLEED_THALES_SOAP_URL: url }));
    expect([of("wrong"), code]).toEqual([[], 2]);
    expect(of("unchecked")).toEqual([expect.stringMatching(/^FULLBLEED_THALES_SOAP_URL: .*broke off\. Try again/)]);
  });

  test("a 403 before any key is looked at", async () => {
    const url = `${await serve(403, "text/html", page)}/ImageAPI/GetImage`;
    await expectOneWrong(
      withEnv({ FULLBLEED_THALES_GET_IMAGE_URL: url }),
      /^FULLBLEED_THALES_GET_IMAGE_URL: .*HTTP 403.*allow this server's IP address/,
    );
  });

  test("a host that there is not", () =>
    expectOneWrong(
      withEnv({ FULLBLEED_THALES_SOAP_URL: "https://no-such-host.invalid/PDS/ImageUpload.asmx" }),
      /^FULLBLEED_THALES_SOAP_URL: no-such-host\.invalid: (?:there is no host of that name|this machine's name server)/,
    ));

  test("a port at which nobody listens, for all that is asked there", async () => {
    const { of } = await expectOneWrong(
      withEnv({
        FULLBLEED_THALES_SOAP_URL: "http://127.0.0.1:9/PDS/ImageUpload.asmx",
        FULLBLEED_THALES_GET_IMAGE_URL: "http://127.0.0.1:9/ImageAPI/GetImage",
      }),
      /^FULLBLEED_THALES_SOAP_URL, FULLBLEED_THALES_GET_IMAGE_URL: 127\.0\.0\.1:9: nothing listens there/,
    );
    expect(of("unchecked")).toEqual([
      "FULLBLEED_THALES_SOAP_URL, FULLBLEED_THALES_GET_IMAGE_URL: Not asked: see Calls above.",
    ]);
  });

  test("a clock that is off", () =>
    expectOneWrong(bench.env, /^clock: This machine's clock is 10 min ahead of/, [], () => Date.now() + 600_000));
});

describe("a test picture", () => {
  const args = ["--send-test-picture", "--cardholder", "test-person", "--product", "photo-landscape"];

  test("is sent, shown, found, annotated and deleted again", async () => {
    const { code, of } = await doctor(bench.env, args);
    expect(of("wrong")).toEqual([]);
    expect(code).toBe(0);
    const good = of("ok").filter((line) => line.startsWith("photo-landscape, "));
    expect(good.map((line) => line.split(":")[0])).toEqual([
      "photo-landscape, sending",
      "photo-landscape, preview",
      "photo-landscape, search",
      "photo-landscape, data beside the picture",
      "photo-landscape, deletion",
    ]);
    expect(good.at(-1)).toMatch(/shown no more/);
  });

  test("shows a purge key that is wrong, and says what is left there", () =>
    expectOneWrong(
      withEnv({ FULLBLEED_THALES_PURGE_KEYS: JSON.stringify({ "photo-landscape": "CANARY-WRONG" }) }),
      /^photo-landscape, deletion: Is not done: .*ImagePurgeKey.* stays at the platform, under the id [0-9a-f-]{36}/,
      args,
    ));

  test("is not sent where it could not be deleted, unless it may be left there", async () => {
    const env = withEnv({ FULLBLEED_THALES_PURGE_KEYS: "" });
    const refused = await doctor(env, args);
    expect(refused.of("unchecked")).toEqual([expect.stringMatching(/Was not sent: .*--leave/)]);
    expect(refused.code).toBe(2);
    const isSent = ({ method }: { method: string }): boolean => method.startsWith("SendImage");
    expect((await readLedger(bench.platform)).some(isSent)).toBe(false);
    const left = await doctor(env, [...args, "--leave"]);
    expect(left.of("skipped").join()).toMatch(/stays at the platform, under the id/);
    expect(left.code).toBe(0);
  });

  test("is not sent while something is wrong", async () => {
    const said = await doctor(withEnv({ FULLBLEED_THALES_IMAGE_DELIVERY_KEY: "another-key-canary" }), args);
    expect(said.of("unchecked").join()).toContain("Was not sent: something above is wrong");
  });

  test("whose answer is lost may be there, and it is said by which reference", async () => {
    await addFault(bench.platform, { method: "SendImage", fault: "cut-reply" });
    await expectOneWrong(
      bench.env,
      /^photo-landscape, sending: Nobody knows whether it arrived: .*with the reference DOCTOR[0-9A-F]{14}/,
      args,
    );
  });
});
