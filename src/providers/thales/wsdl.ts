import { freshFetch, readBounded } from "../fresh-fetch.ts";
import { type Finding, ok, wrong } from "../diagnosis.ts";
import { findSoapAction, type ThalesOptions, toSpelling } from "./options.ts";
import { maxReplyBytes } from "./reply.ts";
import { thalesSettings } from "./settings.ts";
import type { SoapMethod, SoapSpelling } from "./wire.ts";
import { decodeXml } from "./xml-text.ts";
import { parseXml, type XmlElement } from "./xml-tree.ts";

const bindings = {
  "1.1": "http://schemas.xmlsoap.org/wsdl/soap/",
  "1.2": "http://schemas.xmlsoap.org/wsdl/soap12/",
} as const;

interface Description {
  readonly text: string;
  readonly elements: readonly XmlElement[];
}

function listAll(element: XmlElement): XmlElement[] {
  return [element, ...element.children.flatMap(listAll)];
}

/** Most services show theirs to whoever asks; undefined for one that does not, or that has SendImage nowhere in it. */
async function readWsdl(options: ThalesOptions, signal: AbortSignal): Promise<Description | undefined> {
  const url = new URL(options.soapUrl);
  url.search = "?wsdl";
  try {
    const response = await (options.fetch ?? freshFetch)(url, { redirect: "manual", signal });
    const bytes = response.ok ? await readBounded(response, maxReplyBytes) : undefined;
    if (bytes === undefined) return undefined;
    const text = decodeXml({ bytes, contentType: response.headers.get("content-type") ?? "" });
    const root = parseXml(text);
    if (typeof root === "string" || root.name !== "definitions") return undefined;
    const elements = listAll(root);
    return elements.some(({ attributes }) => attributes.name === "SendImage") ? { text, elements } : undefined;
  } catch {
    return undefined;
  }
}

function valuesOf(elements: readonly XmlElement[], attribute: string): ReadonlySet<string> {
  return new Set(elements.flatMap(({ attributes }) => attributes[attribute] ?? []));
}

/** A name of the web service's: no secret, but somebody else's text. */
function quote(text: string | undefined): string {
  return text !== undefined && /^[\x21-\x7e]{1,200}$/.test(text) ? text : "another one";
}

type Called = Exclude<SoapMethod, "NoSuchMethod">;
type Field = Exclude<keyof SoapSpelling, "soapVersion" | "namespace">;

/** What says how each method is called. */
const methods: Readonly<
  Record<Called, { readonly action: { readonly variable: string }; readonly fields: readonly Field[] }>
> = {
  SendImage: { action: thalesSettings.soapAction, fields: ["imageField", "handoverKeyField"] },
  SendImageWithDataCapture: {
    action: thalesSettings.dataCaptureSoapAction,
    fields: ["imageField", "handoverKeyField", "dataCaptureField"],
  },
  SetCustomDataCapture: {
    action: thalesSettings.setDataCaptureSoapAction,
    fields: ["cardImageIdField", "imageInformationKeyField", "dataCaptureField"],
  },
  SetImageToPurge: { action: thalesSettings.purgeSoapAction, fields: ["cardImageIdField", "imagePurgeKeyField"] },
};

/** Those that are called at the address of SendImage. */
function listCalled(options: ThalesOptions): Called[] {
  const { referenceFields = {}, imageInformationKey, setDataCaptureUrl, purgeKeys, purgeUrl } = options;
  return [
    Object.keys(referenceFields).length > 0 ? "SendImageWithDataCapture" : "SendImage",
    ...(imageInformationKey !== undefined && setDataCaptureUrl === undefined
      ? (["SetCustomDataCapture"] as const)
      : []),
    ...(purgeKeys !== undefined && purgeUrl === undefined ? (["SetImageToPurge"] as const) : []),
  ];
}

/** How a method is called that the service describes in another way. What stands in a schema of its own says nothing here. */
function compareMethod(options: ThalesOptions, elements: readonly XmlElement[], method: Called): Finding[] {
  const actions = valuesOf(elements, "soapAction");
  if (actions.size > 0 && !actions.has(findSoapAction(options, method))) {
    const given = [...actions].find((one) => one.endsWith(method));
    const { variable } = methods[method].action;
    return [
      given === undefined
        ? wrong(
            thalesSettings.soapUrl.variable,
            `The web service there has no ${method}, as its WSDL has it. Ask Thales where it is.`,
          )
        : wrong(
            variable,
            `The SOAPAction of ${method} is ${quote(given)}, as the web service's WSDL has it. Set that.`,
          ),
    ];
  }
  const wrapper = elements.find(({ name, attributes }) => name === "element" && attributes.name === method);
  const declared = valuesOf(wrapper === undefined ? [] : listAll(wrapper), "name");
  if (declared.size < 2) return [];
  return methods[method].fields
    .filter((field) => !declared.has(toSpelling(options)[field]))
    .map((field) =>
      wrong(thalesSettings[field].variable, `The web service's WSDL has no such element in ${method}. Correct it.`),
    );
}

/** What the service's own description says against the settings: the first mistake that explains the others. Nothing: none is shown. */
export async function compareWithWsdl(options: ThalesOptions, signal: AbortSignal): Promise<Finding[]> {
  const wsdl = await readWsdl(options, signal);
  if (wsdl === undefined) return [];
  const { elements, text } = wsdl;
  const spelling = toSpelling(options);
  const namespaces = valuesOf(elements, "targetNamespace");
  if (!namespaces.has(spelling.namespace))
    return [
      wrong(
        thalesSettings.namespace.variable,
        `The web service's namespace is ${quote([...namespaces][0])}, as its WSDL has it. Set that, with its slash.`,
      ),
    ];
  const other = spelling.soapVersion === "1.1" ? "1.2" : "1.1";
  if (!text.includes(bindings[spelling.soapVersion]) && text.includes(bindings[other]))
    return [
      wrong(thalesSettings.soapVersion.variable, `The web service speaks SOAP ${other}, as its WSDL has it. Set that.`),
    ];
  const called = listCalled(options);
  const unlike = called.flatMap((method) => compareMethod(options, elements, method));
  if (unlike.length > 0) return unlike;
  return [ok(thalesSettings.soapUrl.variable, `Its WSDL has ${called.join(", ")} as these settings spell it.`)];
}
