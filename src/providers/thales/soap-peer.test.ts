import { createHash } from "node:crypto";
import http from "node:http";
import sharp from "sharp";
import { listen } from "soap";
import { expect, test } from "vitest";
import { listenLocally } from "../testing/listen.ts";
import { createThalesProvider } from "./adapter.ts";

const namespace = "https://pds.example/upload/";

/** Written from the vendor's page alone: parameters `Image` and `handoverKey`, four response parameters. */
const wsdl = `<?xml version="1.0"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:p="${namespace}" targetNamespace="${namespace}">
  <types><xsd:schema targetNamespace="${namespace}" elementFormDefault="qualified">
    <xsd:element name="SendImage"><xsd:complexType><xsd:sequence>
      <xsd:element name="Image" type="xsd:base64Binary"/><xsd:element name="handoverKey" type="xsd:string"/>
    </xsd:sequence></xsd:complexType></xsd:element>
    <xsd:element name="SendImageResponse"><xsd:complexType><xsd:sequence>
      <xsd:element name="CardImageID" type="xsd:string"/><xsd:element name="ClientID" type="xsd:int"/>
      <xsd:element name="ErrorCode" type="xsd:int"/><xsd:element name="handoverKey" type="xsd:string"/>
    </xsd:sequence></xsd:complexType></xsd:element>
  </xsd:schema></types>
  <message name="In"><part name="parameters" element="p:SendImage"/></message>
  <message name="Out"><part name="parameters" element="p:SendImageResponse"/></message>
  <portType name="Upload"><operation name="SendImage"><input message="p:In"/><output message="p:Out"/></operation></portType>
  <binding name="UploadSoap" type="p:Upload">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="SendImage"><soap:operation soapAction="${namespace}SendImage"/>
      <input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>
  </binding>
  <service name="UploadService"><port name="UploadPort" binding="p:UploadSoap"><soap:address location="http://127.0.0.1/upload"/></port></service>
</definitions>`;

interface Call {
  readonly Image: string;
  readonly handoverKey: string;
}

async function servePeer(errorCode: number): Promise<{ url: string; calls: Call[]; close(): void }> {
  const calls: Call[] = [];
  const server = http.createServer();
  const SendImage = (call: Call) => {
    calls.push(call);
    const CardImageID = errorCode === 0 ? "6F9619FF-8B86-4011-B42D-00C04FC964FF" : "";
    return { CardImageID, ClientID: 3, ErrorCode: errorCode, handoverKey: call.handoverKey };
  };
  const origin = await listenLocally(server);
  listen(server, "/upload", { UploadService: { UploadPort: { SendImage } } }, wsdl);
  return {
    url: `${origin}/upload`,
    calls,
    close: () => server.close(),
  };
}

const noise = { type: "gaussian", mean: 128, sigma: 60 } as const;
const picture = await sharp({ create: { width: 1036, height: 664, channels: 3, background: "#000", noise } })
  .png()
  .toBuffer();

test.each([
  [0, "accepted"],
  [1, "image-refused"],
  [2, "misconfigured"],
  [-1, "unknown"],
  [-2, "misconfigured"],
] as const)(
  "a SOAP server that others wrote reads our call and its answer %i is read as %s",
  async (errorCode, kind) => {
    const peer = await servePeer(errorCode);
    const provider = createThalesProvider({
      soapUrl: peer.url,
      getImageUrl: "http://127.0.0.1/GetImage",
      handoverKeys: { "photo-landscape": `key <&"'> ]]> é` },
      imageDeliveryKey: "d",
      notificationSecret: "n",
      namespace,
    });
    const call = {
      reference: "REFERENCE0REFERENCE0",
      attempt: 1,
      cardholderId: "cardholder-1",
      pixelOrigin: "cardholder",
      bytes: picture,
      mediaType: "image/png",
      productId: "photo-landscape",
    } as const;
    const outcome = await provider.send(call, AbortSignal.timeout(10_000));
    peer.close();
    expect(outcome.kind).toBe(kind);
    const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
    expect(peer.calls).toHaveLength(1);
    expect(digest(Buffer.from(peer.calls[0]?.Image ?? "", "base64"))).toBe(digest(picture));
    expect(peer.calls[0]?.handoverKey).toBe(`key <&"'> ]]> é`);
  },
);
