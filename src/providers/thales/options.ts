import { createHash } from "node:crypto";
import type { PixelOrigin } from "../provider.ts";
import { thalesDefaults } from "./defaults.ts";
import type { SoapMethod, SoapSpelling } from "./wire.ts";

/** The vendor's page writes `Rotote180`; an installation may have corrected it. */
export type Rotate180 = "Rotote180" | "Rotate180";

/** From product id to a value. */
type ByProduct = Readonly<Record<string, string>>;

/** What has no value here is as in `thalesDefaults`. */
export interface ThalesOptions {
  /** Where SendImage and SendImageWithDataCapture are posted to. */
  readonly soapUrl: string;
  /** Where SetCustomDataCapture is posted to; `soapUrl` when left out. */
  readonly setDataCaptureUrl?: string;
  /** Where SetImageToPurge is posted to; `soapUrl` when left out. */
  readonly purgeUrl?: string;
  readonly soapVersion?: "1.1" | "1.2";
  /** Target namespace of the web service, with its slash. */
  readonly namespace?: string;
  /** SOAPActions; the namespace, then the method, when left out. */
  readonly soapAction?: string;
  readonly dataCaptureSoapAction?: string;
  readonly setDataCaptureSoapAction?: string;
  readonly purgeSoapAction?: string;
  readonly imageField?: string;
  readonly handoverKeyField?: string;
  readonly dataCaptureField?: string;
  readonly cardImageIdField?: string;
  readonly imageInformationKeyField?: string;
  readonly imagePurgeKeyField?: string;

  /** The handover keys that Thales gave for cardholders' pictures, which are checked. */
  readonly handoverKeys: ByProduct;
  /** Those for gallery pictures, which are not checked; a product without one has them checked. */
  readonly galleryHandoverKeys?: ByProduct;
  /** The data-capture field that takes our reference. With one, a picture can be found by it. */
  readonly referenceFields?: ByProduct;
  /** Data-capture fields that the issuer may have written beside an accepted picture, by product. */
  readonly dataCaptureFields?: Readonly<Record<string, readonly string[]>>;
  /** SetCustomDataCapture's. */
  readonly imageInformationKey?: string;
  /** SetImageToPurge's. */
  readonly purgeKeys?: ByProduct;

  /** Of the Image API's GetImage, as the vendor gave it; parameters that it has are kept. */
  readonly getImageUrl: string;
  /** Of GetImage by a data-capture field; `getImageUrl` when left out. */
  readonly searchUrl?: string;
  readonly searchValueParameter?: string;
  /** Of GetTemplate; `getImageUrl` with GetTemplate for GetImage when left out, if it ends in that. */
  readonly templateUrl?: string;
  readonly imageDeliveryKey: string;
  readonly rotate180?: Rotate180;

  /** Expected in `notificationHeader` of every push notification; one of several, while it is changed. */
  readonly notificationSecret: string | readonly string[];
  /** Lower case. */
  readonly notificationHeader?: string;

  /** A connection per request when left out. Another `fetch` cannot tell "not sent" from "unknown" as often. */
  readonly fetch?: typeof fetch;
}

export function valueFor(values: ByProduct | undefined, productId: string): string | undefined {
  return values !== undefined && Object.hasOwn(values, productId) ? values[productId] : undefined;
}

/** Nothing but product and origin decides, and what is not known to come from the gallery is checked. */
export function findHandoverKey(options: ThalesOptions, productId: string, origin: PixelOrigin): string | undefined {
  const checked = valueFor(options.handoverKeys, productId);
  return origin === "gallery" ? (valueFor(options.galleryHandoverKeys, productId) ?? checked) : checked;
}

/** Of every method, as the vendor's pages call them. */
export function findSoapAction(options: ThalesOptions, method: SoapMethod): string {
  const given = {
    SendImage: options.soapAction,
    SendImageWithDataCapture: options.dataCaptureSoapAction,
    SetCustomDataCapture: options.setDataCaptureSoapAction,
    SetImageToPurge: options.purgeSoapAction,
    NoSuchMethod: undefined,
  }[method];
  return given ?? `${options.namespace ?? thalesDefaults.namespace}${method}`;
}

export function toSpelling(options: ThalesOptions): SoapSpelling {
  return { ...thalesDefaults, ...options };
}

/** SHA-256 (hex) over everything that decides how a picture of this product and origin is sent. */
export function fingerprintSending(options: ThalesOptions, productId: string, origin: PixelOrigin): string {
  const { soapVersion, namespace, imageField, handoverKeyField, dataCaptureField } = toSpelling(options);
  const key = findHandoverKey(options, productId, origin) ?? null;
  const field = valueFor(options.referenceFields, productId);
  const method =
    field === undefined
      ? [findSoapAction(options, "SendImage")]
      : [findSoapAction(options, "SendImageWithDataCapture"), dataCaptureField, field];
  const all = [options.soapUrl, soapVersion, namespace, imageField, handoverKeyField, key, method];
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}
