import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { products } from "#card/products.ts";
import { leaveOutAbsent, type Values } from "#providers/setting.ts";
import { thalesDefaults } from "#providers/thales/defaults.ts";
import type { thalesSettings } from "#providers/thales/settings.ts";
import { type Config, ConfigError, findUnknownVariables, listSecrets, readConfig } from "./config.ts";
import { findByKey } from "./issuers.ts";
import { createScrub } from "./scrub.ts";
import { defaultIssuerSettings, settings } from "./settings.ts";
import { testEnv } from "./testing/env.ts";

const synctera = {
  FULLBLEED_SYNCTERA_URL: "https://api.synctera.example/v1/",
  FULLBLEED_SYNCTERA_API_KEY: "synctera-canary-key",
  FULLBLEED_SYNCTERA_CARD_PRODUCTS: '{"photo-portrait":"7d943c51-e4ff-4e57-9558-08cab6b963c7"}',
  FULLBLEED_SYNCTERA_WEBHOOK_SECRET: "webhook-canary-secret",
};

/** What the one provider is made with. */
function readOptions(config: Config) {
  const [platform] = config.issuers[0]?.platforms ?? [];
  return leaveOutAbsent(platform?.values as Values<typeof thalesSettings>);
}

function refusal(change: Record<string, string | undefined>): string {
  try {
    readConfig({ ...testEnv, ...change });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error("the configuration was accepted");
}

describe("the server's configuration", () => {
  test("is read from the environment, with defaults for what is left out", () => {
    const config = readConfig(testEnv);
    expect(config).toMatchObject({
      host: "127.0.0.1",
      port: 0,
      logLevel: "info",
      tokenLifeSeconds: 600,
      sendTimeoutSeconds: 30,
    });
    expect(config.issuers).toMatchObject([{ id: "default", name: "Test Bank" }]);
    expect(readOptions(config).handoverKeys["photo-portrait"]).toBe("handover-canary-two");
  });

  test("takes two issuer keys while they are being changed, and no third", () => {
    const keys = ["a", "b", "c"].map((letter) => letter.repeat(32));
    const { issuers } = readConfig({ ...testEnv, FULLBLEED_ISSUER_KEY: `${keys[0]},${keys[1]}` });
    expect(keys.map((key) => findByKey(issuers, key)?.id)).toEqual(["default", "default", undefined]);
    expect(refusal({ FULLBLEED_ISSUER_KEY: keys.join(",") })).toContain("FULLBLEED_ISSUER_KEY is not valid");
  });

  test.each([
    ["127.0.0.1", "127.0.0.1:4000", true],
    ["0.0.0.0", "127.0.0.1:4000", true],
    ["127.0.0.1", "[::]:4000", true],
    ["localhost", "[::1]:4000", true],
    ["::1", "[0:0:0:0:0:0:0:1]:4000", true],
    ["10.0.0.5", "127.0.0.1:4000", false],
    ["127.0.0.1", "127.0.0.1:9464", false],
  ])("of a server at %s, port 4000, metrics at %s are refused: %s", (host, metricsListen, isRefused) => {
    const change = { FULLBLEED_HOST: host, FULLBLEED_PORT: "4000", FULLBLEED_METRICS_LISTEN: metricsListen };
    const read = () => readConfig({ ...testEnv, ...change });
    if (isRefused) expect(read).toThrow(/FULLBLEED_METRICS_LISTEN is not valid: .*expected another port/);
    else expect(read().metricsListen).toMatchObject({ port: Number(metricsListen.split(":").at(-1)) });
  });

  test("takes two of Thales' notification secrets while they are being changed; one may have a comma in it", () => {
    const [one, other] = ["a".repeat(120), "b".repeat(120)];
    const read = (FULLBLEED_THALES_NOTIFICATION_SECRET: string) =>
      readOptions(readConfig({ ...testEnv, FULLBLEED_THALES_NOTIFICATION_SECRET })).notificationSecret;
    expect(read(`${one},${other}`)).toEqual([one, other]);
    expect(read("with,comma,0123456789")).toEqual(["with,comma,0123456789"]);
    const either = `${"a".repeat(20)},${"b".repeat(20)}`;
    expect(read(either)).toEqual([...either.split(","), either]);
    expect(refusal({ FULLBLEED_THALES_NOTIFICATION_SECRET: `${one},${"b".repeat(90)},x` })).toContain(
      "NOTIFICATION_SECRET is not valid",
    );
  });

  test("trusts no proxy unless told which, as addresses and networks of both kinds", () => {
    expect(readConfig(testEnv).trustedProxies).toEqual([]);
    const trusted = "10.0.0.0/8, 192.0.2.1,2001:db8::/32";
    const expected = ["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"];
    expect(readConfig({ ...testEnv, FULLBLEED_TRUSTED_PROXIES: trusted }).trustedProxies).toEqual(expected);
  });

  const required = Object.keys(testEnv).filter((name) => name.startsWith("FULLBLEED_"));
  test.each(required)("without %s names it as missing", (variable) => {
    for (const absent of [undefined, ""])
      expect(refusal({ [variable]: absent })).toContain(`${variable} is missing: expected `);
  });

  test.each([
    ["FULLBLEED_PORT", "http"],
    ["FULLBLEED_PORT", "65536"],
    ["FULLBLEED_METRICS_LISTEN", "9464"],
    ["FULLBLEED_METRICS_LISTEN", "127.0.0.1:65536"],
    ["FULLBLEED_METRICS_LISTEN", "http://127.0.0.1:9464"],
    ["FULLBLEED_PUBLIC_URL", "http://cards.example"],
    ["FULLBLEED_PUBLIC_URL", "https://cards.example/designer"],
    ["FULLBLEED_ISSUER_KEY", "short-canary"],
    ["FULLBLEED_PROVIDER", "other"],
    ["FULLBLEED_THALES_SOAP_URL", "ftp://canary.example"],
    ["FULLBLEED_THALES_SOAP_URL", "http://canary.example/soap"],
    ["FULLBLEED_THALES_GET_IMAGE_URL", "http://127.0.0.1.canary.example/images"],
    ["FULLBLEED_THALES_SOAP_URL", "https://user:canary@platform.example"],
    ["FULLBLEED_THALES_HANDOVER_KEYS", "canary"],
    ["FULLBLEED_THALES_HANDOVER_KEYS", "{}"],
    ["FULLBLEED_THALES_HANDOVER_KEYS", '{"no-such-product":"canary"}'],
    ["FULLBLEED_THALES_HANDOVER_KEYS", '{"photo-landscape":7}'],
    ["FULLBLEED_THALES_NOTIFICATION_SECRET", "canary"],
    ["FULLBLEED_THALES_GALLERY_HANDOVER_KEYS", "{}"],
    ["FULLBLEED_THALES_GALLERY_HANDOVER_KEYS", '{"photo-landscape":"canary"}'],
    ["FULLBLEED_THALES_REFERENCE_FIELDS", "canary"],
    ["FULLBLEED_THALES_REFERENCE_FIELDS", '{"canary":"Reference"}'],
    ["FULLBLEED_THALES_REFERENCE_FIELDS", '{"photo-landscape":"canary\\n"}'],
    ["FULLBLEED_THALES_REFERENCE_FIELDS", '{"photo-landscape":""}'],
    ["FULLBLEED_THALES_IMAGE_INFORMATION_KEY", "canary"],
    ["FULLBLEED_THALES_SET_DATA_CAPTURE_URL", "http://canary.example"],
    ["FULLBLEED_THALES_SEARCH_URL", "canary"],
    ["FULLBLEED_THALES_SEARCH_VALUE_PARAMETER", "canary value"],
    ["FULLBLEED_THALES_TEMPLATE_URL", "http://canary.example"],
    ["FULLBLEED_THALES_SOAP_VERSION", "1.3"],
    ["FULLBLEED_THALES_SET_DATA_CAPTURE_SOAP_ACTION", 'canary"'],
    ["FULLBLEED_THALES_DATA_CAPTURE_FIELD", "<canary>"],
    ["FULLBLEED_OUTBOUND_PROXY", "canary.example:3128"],
    ["FULLBLEED_OUTBOUND_PROXY", "socks5://canary.example"],
    ["FULLBLEED_OUTBOUND_PROXY", "http://canary.example/path"],
    ["FULLBLEED_OUTBOUND_PROXY", "http://user:%canary@proxy.example"],
    ["FULLBLEED_OUTBOUND_NO_PROXY", "bank.example,https://canary.example"],
    ["FULLBLEED_TOKEN_SECONDS", "601"],
    ["FULLBLEED_TRUSTED_PROXIES", "canary"],
    ["FULLBLEED_TRUSTED_PROXIES", "10.0.0.0/33"],
    ["FULLBLEED_TRUSTED_PROXIES", "0.0.0.0/0"],
    ["FULLBLEED_TRUSTED_PROXIES", "10.0.0.1,"],
    ["FULLBLEED_SESSION_SECONDS", "14401"],
    ["FULLBLEED_LOG_LEVEL", "loud"],
  ])("with %s=%s names it and does not repeat its value", (variable, value) => {
    const message = refusal({ [variable]: value });
    expect(message).toContain(`${variable} is not valid: expected `);
    expect(message.split("\n")).toHaveLength(2);
    expect(message).not.toContain("canary");
  });

  test("names everything that is wrong at once", () => {
    const message = refusal({ FULLBLEED_PORT: "x", FULLBLEED_ISSUER_NAME: undefined });
    expect(message).toContain("FULLBLEED_PORT");
    expect(message).toContain("FULLBLEED_ISSUER_NAME");
  });

  test("knows which of its values are secret", () => {
    expect(listSecrets(readConfig(testEnv))).toEqual([
      testEnv.FULLBLEED_ISSUER_KEY,
      'handover "canary" & <one>',
      "handover-canary-two",
      testEnv.FULLBLEED_THALES_IMAGE_DELIVERY_KEY,
      testEnv.FULLBLEED_THALES_NOTIFICATION_SECRET,
    ]);
  });

  test("hands every setting of the card platform to its provider, and nothing for what is not set", () => {
    expect(readOptions(readConfig(testEnv))).toEqual({
      ...thalesDefaults,
      soapUrl: testEnv.FULLBLEED_THALES_SOAP_URL,
      getImageUrl: testEnv.FULLBLEED_THALES_GET_IMAGE_URL,
      handoverKeys: JSON.parse(testEnv.FULLBLEED_THALES_HANDOVER_KEYS),
      imageDeliveryKey: testEnv.FULLBLEED_THALES_IMAGE_DELIVERY_KEY,
      notificationSecret: [testEnv.FULLBLEED_THALES_NOTIFICATION_SECRET],
    });
    const extra = {
      FULLBLEED_THALES_GALLERY_HANDOVER_KEYS: '{"photo-landscape":"gallery-canary"}',
      FULLBLEED_THALES_REFERENCE_FIELDS: '{"photo-landscape":"Issuer Reference"}',
      FULLBLEED_THALES_IMAGE_INFORMATION_KEY: "information-canary",
      FULLBLEED_THALES_SET_DATA_CAPTURE_URL: "https://platform.example/set",
      FULLBLEED_THALES_SEARCH_URL: "https://platform.example/search",
      FULLBLEED_THALES_SEARCH_VALUE_PARAMETER: "SearchValue",
      FULLBLEED_THALES_TEMPLATE_URL: "https://platform.example/template",
      FULLBLEED_THALES_SOAP_VERSION: "1.2",
      FULLBLEED_THALES_SOAP_ACTION: "urn:send",
      FULLBLEED_THALES_DATA_CAPTURE_SOAP_ACTION: "urn:capture",
      FULLBLEED_THALES_SET_DATA_CAPTURE_SOAP_ACTION: "urn:set",
    };
    const config = readConfig({ ...testEnv, ...extra });
    expect(readOptions(config)).toMatchObject({
      galleryHandoverKeys: { "photo-landscape": "gallery-canary" },
      referenceFields: { "photo-landscape": "Issuer Reference" },
      imageInformationKey: "information-canary",
      setDataCaptureUrl: "https://platform.example/set",
      searchUrl: "https://platform.example/search",
      searchValueParameter: "SearchValue",
      templateUrl: "https://platform.example/template",
      soapVersion: "1.2",
      soapAction: "urn:send",
      dataCaptureSoapAction: "urn:capture",
      setDataCaptureSoapAction: "urn:set",
    });
    expect(listSecrets(config)).toEqual(expect.arrayContaining(["gallery-canary", "information-canary"]));
  });

  test("takes a proxy's whole address for a secret, and who signs in, as it is sent too", () => {
    const address = "http://proxy-user:pass%20canary@proxy.example:3128/";
    const secrets = listSecrets(readConfig({ ...testEnv, FULLBLEED_OUTBOUND_PROXY: address }));
    const asSent = Buffer.from("proxy-user:pass canary").toString("base64");
    for (const text of [address, "proxy-user", "pass canary", asSent])
      expect(createScrub(secrets)(text)).toMatch(/^\[secret\].{0,3}$/);
    const short = listSecrets(readConfig({ ...testEnv, FULLBLEED_OUTBOUND_PROXY: "http://in:out@proxy.example" }));
    expect(createScrub(short)("nothing in it goes out")).toBe("nothing in it goes out");
  });

  test("points out a variable that it does not know", () => {
    expect(findUnknownVariables({ ...testEnv, ...synctera, FULLBLEED_PROT: "1", PATH: "/bin" })).toEqual([
      "FULLBLEED_PROT",
    ]);
    const withoutDefault = { ...synctera, FULLBLEED_ISSUERS: "issuers.json" };
    expect(findUnknownVariables(withoutDefault)).toEqual(Object.keys(synctera));
  });

  test("takes one platform for all products, or one for each", () => {
    const makersOf = ({ issuers }: Config) =>
      Object.fromEntries(Object.entries(issuers[0]?.products ?? {}).map(([id, { provider }]) => [id, provider]));
    const all = Object.fromEntries(products.map(({ id }) => [id, "thales"]));
    expect(makersOf(readConfig(testEnv))).toEqual(all);
    const both = { ...testEnv, ...synctera, FULLBLEED_PROVIDER: '{"photo-portrait":"synctera"}' };
    expect(makersOf(readConfig(both))).toEqual({ "photo-portrait": "synctera" });
    for (const wrong of ['{"photo-portrait":"other"}', '{"other":"thales"}', "{}", "{", '["thales"]'])
      expect(refusal({ FULLBLEED_PROVIDER: wrong })).toContain("FULLBLEED_PROVIDER is not valid: expected ");
  });

  test("keeps a platform that makes nothing any more as long as its settings are there, whole", () => {
    const named = (env: Record<string, string>) =>
      (readConfig(env).issuers[0]?.platforms ?? []).map(({ definition }) => definition.name);
    expect(named(testEnv)).toEqual(["thales"]);
    expect(named({ ...testEnv, ...synctera }).toSorted()).toEqual(["synctera", "thales"]);
    expect(named({ ...testEnv, ...synctera, FULLBLEED_PROVIDER: "synctera" }).toSorted()).toEqual([
      "synctera",
      "thales",
    ]);
    const half = refusal({ FULLBLEED_SYNCTERA_URL: synctera.FULLBLEED_SYNCTERA_URL });
    expect(half).toContain("FULLBLEED_SYNCTERA_API_KEY is missing: expected ");
    expect(listSecrets(readConfig({ ...testEnv, ...synctera }))).toEqual(
      expect.arrayContaining(["synctera-canary-key", "webhook-canary-secret"]),
    );
  });

  test("is described, each variable, in docs/configuration.md, which describes no other", async () => {
    const page = await readFile(new URL("../../docs/configuration.md", import.meta.url), "utf8");
    const described = new Set(page.replaceAll(/```json.*?```/gs, "").match(/\b(?:FULLBLEED|OTEL)_[A-Z0-9_]+\b/g));
    expect([...described].toSorted()).toEqual(
      Object.values({ ...settings, ...defaultIssuerSettings })
        .map(({ variable }) => variable)
        .toSorted(),
    );
  });
});
