import { createHash } from "node:crypto";
import http from "node:http";
import sharp from "sharp";
import { listen } from "soap";
import { describe, expect, onTestFinished, test } from "vitest";
import { noCheckpoint } from "../testing/memory-checkpoint.ts";
import type { SendOutcome } from "../provider.ts";
import { listenLocally } from "../testing/listen.ts";
import { createThalesProvider } from "./adapter.ts";
import type { ThalesOptions } from "./options.ts";

const namespace = "https://pds.example/upload/";
const soapOf = { "1.1": "http://schemas.xmlsoap.org/wsdl/soap/", "1.2": "http://schemas.xmlsoap.org/wsdl/soap12/" };

const result = ["CardImageID:string", "ClientID:int", "ErrorCode:int", "handoverKey:string"];
/** Written from the vendor's page alone: the parameters of each method, and those of its response. */
const methods: Record<string, [parameters: string[], response: string[]]> = {
  SendImage: [["Image:base64Binary", "handoverKey:string"], result],
  SendImageWithDataCapture: [["Image:base64Binary", "handoverKey:string", "DataCapture:string"], result],
  SetCustomDataCapture: [
    ["CardImageID:string", "ImageInformation_Key:string", "DataCapture:string"],
    ["SetCustomDataCaptureResult:int"],
  ],
  SetImageToPurge: [["CardImageID:string", "ImagePurgeKey:string"], ["SetImageToPurgeResult:int"]],
};

const writeEach = (write: (method: string) => string) => Object.keys(methods).map(write).join("");
function writeElement(name: string, fields: string[]): string {
  const elements = fields.map((field) => `<x:element name="${field.split(":")[0]}" type="x:${field.split(":")[1]}"/>`);
  return `<x:element name="${name}"><x:complexType><x:sequence>${elements.join("")}</x:sequence></x:complexType></x:element>`;
}

const writeWsdl = (version: "1.1" | "1.2") => `<?xml version="1.0"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="${soapOf[version]}"
  xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:p="${namespace}" targetNamespace="${namespace}">
  <types><x:schema targetNamespace="${namespace}" elementFormDefault="qualified">
    ${writeEach((method) => writeElement(method, methods[method]?.[0] ?? []) + writeElement(`${method}Response`, methods[method]?.[1] ?? []))}
  </x:schema></types>
  ${writeEach((method) => `<message name="${method}In"><part name="parameters" element="p:${method}"/></message><message name="${method}Out"><part name="parameters" element="p:${method}Response"/></message>`)}
  <portType name="Upload">${writeEach((method) => `<operation name="${method}"><input message="p:${method}In"/><output message="p:${method}Out"/></operation>`)}</portType>
  <binding name="UploadSoap" type="p:Upload">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    ${writeEach((method) => `<operation name="${method}"><soap:operation soapAction="${namespace}${method}"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>`)}
  </binding>
  <service name="UploadService"><port name="UploadPort" binding="p:UploadSoap"><soap:address location="http://127.0.0.1/upload"/></port></service>
</definitions>`;

type Call = Readonly<Record<string, string>>;

async function servePeer(code: number, version: "1.1" | "1.2" = "1.1") {
  const calls: [method: string, call: Call][] = [];
  const server = http.createServer();
  onTestFinished(() => void server.close());
  const answer = (method: string) => (call: Call) => {
    calls.push([method, call]);
    const CardImageID = code === 0 ? "6F9619FF-8B86-4011-B42D-00C04FC964FF" : "";
    return { CardImageID, ClientID: 3, ErrorCode: code, handoverKey: call.handoverKey };
  };
  const port = {
    SendImage: answer("SendImage"),
    SendImageWithDataCapture: answer("SendImageWithDataCapture"),
    SetCustomDataCapture(call: Call) {
      calls.push(["SetCustomDataCapture", call]);
      return { SetCustomDataCaptureResult: code };
    },
    SetImageToPurge(call: Call) {
      calls.push(["SetImageToPurge", call]);
      return { SetImageToPurgeResult: code };
    },
  };
  const origin = await listenLocally(server);
  listen(server, {
    path: "/upload",
    services: { UploadService: { UploadPort: port } },
    xml: writeWsdl(version),
    ...(version === "1.2" && { forceSoap12Headers: true }),
  });
  return { url: `${origin}/upload`, calls };
}

const noise = { type: "gaussian", mean: 128, sigma: 60 } as const;
const picture = await sharp({ create: { width: 1036, height: 664, channels: 3, background: "#000", noise } })
  .png()
  .toBuffer();
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const awkward = `key <&"'> ]]> é`;
const withField = { referenceFields: { "photo-landscape": awkward } };

function providerAt(soapUrl: string, options: Partial<ThalesOptions> = {}) {
  return createThalesProvider({
    soapUrl,
    getImageUrl: "http://127.0.0.1/GetImage",
    handoverKeys: { "photo-landscape": awkward },
    imageInformationKey: awkward,
    purgeKeys: { "photo-landscape": awkward },
    imageDeliveryKey: "d",
    notificationSecret: "n",
    namespace,
    ...options,
  });
}

function send(soapUrl: string, options: Partial<ThalesOptions> = {}): Promise<SendOutcome> {
  const order = {
    reference: "REFERENCE0REFERENCE0",
    attempt: 1,
    checkpoint: noCheckpoint,
    cardholderId: "cardholder-1",
    pixelOrigin: "cardholder",
    bytes: picture,
    mediaType: "image/png",
    productId: "photo-landscape",
  } as const;
  return providerAt(soapUrl, options).send(order, AbortSignal.timeout(60_000));
}

describe.each(["1.1", "1.2"] as const)("a SOAP %s server that others wrote", (soapVersion) => {
  test.each([
    [0, "accepted"],
    [1, "image-refused"],
    [2, "misconfigured"],
    [-1, "unknown"],
    [-2, "misconfigured"],
  ] as const)(
    "reads our pictures, with data capture and without, and its answer %i is read as %s",
    async (code, kind) => {
      const peer = await servePeer(code, soapVersion);
      expect(await send(peer.url, { soapVersion })).toMatchObject({ kind });
      expect(await send(peer.url, { soapVersion, ...withField })).toMatchObject({ kind });
      expect(peer.calls.map(([method]) => method)).toEqual(["SendImage", "SendImageWithDataCapture"]);
      for (const [, { Image = "", handoverKey }] of peer.calls) {
        expect(digest(Buffer.from(Image, "base64"))).toBe(digest(picture));
        expect(handoverKey).toBe(awkward);
      }
      expect(Object.fromEntries(new URLSearchParams(peer.calls[1]?.[1].DataCapture))).toEqual({
        [awkward]: "REFERENCE0REFERENCE0",
      });
    },
  );

  test.each([
    [0, "done"],
    [-1, "failed"],
    [1, "refused"],
    [2, "refused"],
    [3, "refused"],
    [4, "failed"],
    [5, "refused"],
    [6, "refused"],
  ] as const)("reads SetCustomDataCapture, and its answer %i is read as %s", async (code, kind) => {
    const peer = await servePeer(code, soapVersion);
    const provider = providerAt(peer.url, { soapVersion, ...withField });
    const signal = AbortSignal.timeout(60_000);
    const outcome = await provider.annotate(
      "ID",
      "photo-landscape",
      "REFERENCE0REFERENCE0",
      { Branch: "7 & 8" },
      signal,
    );
    expect(outcome.kind).toBe(kind);
    const [[method, call] = []] = peer.calls;
    expect([method, call?.CardImageID, call?.ImageInformation_Key]).toEqual(["SetCustomDataCapture", "ID", awkward]);
    expect(Object.fromEntries(new URLSearchParams(call?.DataCapture))).toEqual({
      [awkward]: "REFERENCE0REFERENCE0",
      Branch: "7 & 8",
    });
  });

  test.each([
    [0, "taken"],
    [-1, "failed"],
    [-2, "misconfigured"],
    [1, "unknown-id"],
    [2, "misconfigured"],
  ] as const)("reads SetImageToPurge, and its answer %i is read as %s", async (code, kind) => {
    const peer = await servePeer(code, soapVersion);
    const outcome = await providerAt(peer.url, { soapVersion }).purge(
      "ID",
      "photo-landscape",
      AbortSignal.timeout(60_000),
    );
    expect(outcome.kind).toBe(kind);
    expect(peer.calls).toEqual([["SetImageToPurge", { CardImageID: "ID", ImagePurgeKey: awkward }]]);
  });
});

interface Named {
  readonly name: string;
  readonly children: Named[];
  text: string;
}

/** Every element by its namespace and name, as a service sees it that takes namespaces at their word: `{namespace}name`. */
function readByNamespace(xml: string): Named {
  const root: Named = { name: "", children: [], text: "" };
  const open: { element: Named; scope: Record<string, string> }[] = [{ element: root, scope: {} }];
  for (const [, close, tag = "", attributes = "", empty, text] of xml.matchAll(
    /<(\/)?([\w:.-]+)([^<>]*?)(\/)?>|([^<>]+)/g,
  )) {
    const parent = open.at(-1);
    if (parent === undefined) throw new Error("too many closing tags");
    if (text !== undefined) parent.element.text += text;
    else if (close !== undefined) open.pop();
    else {
      const declared = [...attributes.matchAll(/xmlns(?::([\w.-]+))?="([^"]*)"/g)].map(([, prefix = "", uri = ""]) => [
        prefix,
        uri,
      ]);
      const scope = { ...parent.scope, ...(Object.fromEntries(declared) as Record<string, string>) };
      const [local = "", prefix = ""] = tag.split(":").toReversed();
      const element: Named = { name: `{${scope[prefix] ?? ""}}${local}`, children: [], text: "" };
      parent.element.children.push(element);
      if (empty === undefined) open.push({ element, scope });
    }
  }
  return root;
}

const envelopes = {
  "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
  "1.2": "http://www.w3.org/2003/05/soap-envelope",
};

/** A service that reads what is not in its namespace as null, and answers as if it had not been sent. */
async function serveStrict(version: "1.1" | "1.2") {
  const methodsHeard: string[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const soap = envelopes[version];
      const find = (from: Named | undefined, name: string) => from?.children.find((child) => child.name === name);
      const document = readByNamespace(
        Buffer.concat(chunks)
          .toString()
          .replace(/^<\?xml.*?\?>/, ""),
      );
      const call = find(find(document, `{${soap}}Envelope`), `{${soap}}Body`)?.children[0];
      const method = Object.keys(methods).find((name) => call?.name === `{${namespace}}${name}`) ?? "none";
      methodsHeard.push(method);
      const values = (methods[method]?.[0] ?? []).map(
        (field) => find(call, `{${namespace}}${field.split(":")[0]}`)?.text,
      );
      const isWhole =
        values.length > 0 &&
        values.every((value) => value !== undefined && value !== "") &&
        call?.children.length === values.length;
      const content =
        method === "SetCustomDataCapture"
          ? `<SetCustomDataCaptureResult>${isWhole ? 0 : 6}</SetCustomDataCaptureResult>`
          : method === "SetImageToPurge"
            ? `<SetImageToPurgeResult>${isWhole ? 0 : 1}</SetImageToPurgeResult>`
            : `<r><ErrorCode>${isWhole ? 0 : 1}</ErrorCode><CardImageID>6f9619ff-8b86-4011-b42d-00c04fc964ff</CardImageID></r>`;
      response.end(
        `<e:Envelope xmlns:e="${soap}"><e:Body><x xmlns="${namespace}">${content}</x></e:Body></e:Envelope>`,
      );
    });
  });
  onTestFinished(() => void server.close());
  return { url: await listenLocally(server), methodsHeard };
}

test.each(["1.1", "1.2"] as const)(
  "a SOAP %s service that takes namespaces at their word finds every element in its own",
  async (soapVersion) => {
    const { url, methodsHeard } = await serveStrict(soapVersion);
    const provider = providerAt(url, { soapVersion, ...withField });
    expect((await send(url, { soapVersion })).kind).toBe("accepted");
    expect((await send(url, { soapVersion, ...withField })).kind).toBe("accepted");
    const annotated = await provider.annotate(
      "ID",
      "photo-landscape",
      "REFERENCE0REFERENCE0",
      {},
      AbortSignal.timeout(60_000),
    );
    expect(annotated).toEqual({ kind: "done" });
    expect(await provider.purge("ID", "photo-landscape", AbortSignal.timeout(60_000))).toEqual({ kind: "taken" });
    expect(methodsHeard).toEqual(["SendImage", "SendImageWithDataCapture", "SetCustomDataCapture", "SetImageToPurge"]);
    expect((await send(url, { soapVersion, namespace: "urn:wrong" })).kind).toBe("image-refused");
    expect((await send(url, { soapVersion, imageField: "Picture" })).kind).toBe("image-refused");
  },
);
