import * as z from "zod";
import { products } from "#card/products.ts";
import { thalesDefaults } from "#providers/thales/defaults.ts";
import type { ThalesOptions } from "#providers/thales/options.ts";
import { parseJson, type Setting, webAddress, xmlName } from "./setting-kinds.ts";

const productIds = products.map((product) => product.id);

/** A JSON object from product to what `value` allows, with at least one entry. */
function byProduct(value: z.ZodString) {
  return z
    .string()
    .transform(parseJson)
    .pipe(z.partialRecord(z.enum(productIds), value))
    .refine((values) => Object.keys(values).length > 0);
}

const key = z.string().min(8).max(200);
const fieldName = z
  .string()
  .max(100)
  .regex(/^[^\p{Cc}\u2028\u2029]+$/u);
/** Goes into an attribute and a header. */
const uri = z
  .string()
  .max(200)
  .regex(/^[^\s"'<>&]+$/);
const listed = `products are ${productIds.join(", ")}`;
const address = (what: string) => `the address of ${what}, https (or http on this machine)`;

/** What the Thales provider needs to know. */
export const thalesSettings = {
  thalesSoapUrl: {
    variable: "FULLBLEED_THALES_SOAP_URL",
    schema: webAddress,
    expected: address("the platform's SendImage web service"),
  },
  thalesGetImageUrl: {
    variable: "FULLBLEED_THALES_GET_IMAGE_URL",
    schema: webAddress,
    expected: address("the Image API's GetImage"),
  },
  thalesHandoverKeys: {
    variable: "FULLBLEED_THALES_HANDOVER_KEYS",
    schema: byProduct(key),
    expected: `a JSON object from product to the handover key of 8 to 200 characters for checked (cardholders') images; ${listed}`,
    secret: true,
  },
  thalesGalleryHandoverKeys: {
    variable: "FULLBLEED_THALES_GALLERY_HANDOVER_KEYS",
    schema: byProduct(key).optional(),
    expected: `a JSON object from product to the handover key of 8 to 200 characters for gallery images, which are not checked; ${listed}`,
    secret: true,
  },
  thalesImageDeliveryKey: {
    variable: "FULLBLEED_THALES_IMAGE_DELIVERY_KEY",
    schema: key,
    expected: "the Image API's delivery key, 8 to 200 characters",
    secret: true,
  },
  thalesNotificationSecret: {
    variable: "FULLBLEED_THALES_NOTIFICATION_SECRET",
    schema: z.string().min(16).max(200),
    expected: "the secret of 16 to 200 characters that the platform sends along with its notifications",
    secret: true,
  },
  thalesReferenceFields: {
    variable: "FULLBLEED_THALES_REFERENCE_FIELDS",
    schema: byProduct(fieldName).optional(),
    expected: `a JSON object from product to the name of the data-capture field that takes our reference; ${listed}`,
  },
  thalesDataCaptureFields: {
    variable: "FULLBLEED_THALES_DATA_CAPTURE_FIELDS",
    schema: z
      .string()
      .transform(parseJson)
      .pipe(z.partialRecord(z.enum(productIds), z.array(fieldName).min(1).max(20)))
      .refine((values) => Object.keys(values).length > 0)
      .optional(),
    expected: `a JSON object from product to an array of the data-capture fields that the issuer's server may fill; ${listed}`,
  },
  thalesImageInformationKey: {
    variable: "FULLBLEED_THALES_IMAGE_INFORMATION_KEY",
    schema: key.optional(),
    expected: "the ImageInformation_Key of SetCustomDataCapture, 8 to 200 characters",
    secret: true,
  },
  thalesSetDataCaptureUrl: {
    variable: "FULLBLEED_THALES_SET_DATA_CAPTURE_URL",
    schema: webAddress.optional(),
    expected: address("the platform's SetCustomDataCapture web service"),
  },
  thalesSearchUrl: {
    variable: "FULLBLEED_THALES_SEARCH_URL",
    schema: webAddress.optional(),
    expected: address("the Image API's GetImage by a data-capture field"),
  },
  thalesSearchValueParameter: {
    variable: "FULLBLEED_THALES_SEARCH_VALUE_PARAMETER",
    schema: xmlName.default(thalesDefaults.searchValueParameter),
    expected: "the name of the query parameter in which GetImage takes the value that it searches",
  },
  thalesTemplateUrl: {
    variable: "FULLBLEED_THALES_TEMPLATE_URL",
    schema: webAddress.optional(),
    expected: address("the Image API's GetTemplate"),
  },
  thalesSoapVersion: {
    variable: "FULLBLEED_THALES_SOAP_VERSION",
    schema: z.enum(["1.1", "1.2"]).default(thalesDefaults.soapVersion),
    expected: "1.1 or 1.2, the SOAP version of the web service's binding",
  },
  thalesNamespace: {
    variable: "FULLBLEED_THALES_NAMESPACE",
    schema: uri.default(thalesDefaults.namespace),
    expected: "the target namespace in the web service's WSDL, with its slash",
  },
  thalesSoapAction: {
    variable: "FULLBLEED_THALES_SOAP_ACTION",
    schema: uri.optional(),
    expected: "the SOAPAction of SendImage in the web service's WSDL",
  },
  thalesDataCaptureSoapAction: {
    variable: "FULLBLEED_THALES_DATA_CAPTURE_SOAP_ACTION",
    schema: uri.optional(),
    expected: "the SOAPAction of SendImageWithDataCapture in the web service's WSDL",
  },
  thalesSetDataCaptureSoapAction: {
    variable: "FULLBLEED_THALES_SET_DATA_CAPTURE_SOAP_ACTION",
    schema: uri.optional(),
    expected: "the SOAPAction of SetCustomDataCapture in the web service's WSDL",
  },
  thalesImageField: {
    variable: "FULLBLEED_THALES_IMAGE_FIELD",
    schema: xmlName.default(thalesDefaults.imageField),
    expected: "the name of SendImage's picture element in the WSDL",
  },
  thalesHandoverKeyField: {
    variable: "FULLBLEED_THALES_HANDOVER_KEY_FIELD",
    schema: xmlName.default(thalesDefaults.handoverKeyField),
    expected: "the name of SendImage's key element in the WSDL",
  },
  thalesDataCaptureField: {
    variable: "FULLBLEED_THALES_DATA_CAPTURE_FIELD",
    schema: xmlName.default(thalesDefaults.dataCaptureField),
    expected: "the name of the data-capture element in the WSDL",
  },
  thalesCardImageIdField: {
    variable: "FULLBLEED_THALES_CARD_IMAGE_ID_FIELD",
    schema: xmlName.default(thalesDefaults.cardImageIdField),
    expected: "the name of SetCustomDataCapture's id element in the WSDL",
  },
  thalesImageInformationKeyField: {
    variable: "FULLBLEED_THALES_IMAGE_INFORMATION_KEY_FIELD",
    schema: xmlName.default(thalesDefaults.imageInformationKeyField),
    expected: "the name of SetCustomDataCapture's key element in the WSDL",
  },
  thalesRotate180: {
    variable: "FULLBLEED_THALES_ROTATE_180",
    schema: z.enum(["Rotote180", "Rotate180"]).default(thalesDefaults.rotate180),
    expected: "Rotote180, as the Image API's page spells it, or Rotate180",
  },
  thalesNotificationHeader: {
    variable: "FULLBLEED_THALES_NOTIFICATION_HEADER",
    schema: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,63}$/)
      .default(thalesDefaults.notificationHeader),
    expected: "the name, in lower case, of the header in which the platform sends the notification secret",
  },
} as const satisfies Record<string, Setting>;

type Values = { readonly [Name in keyof typeof thalesSettings]: z.output<(typeof thalesSettings)[Name]["schema"]> };

function leaveOutAbsent<All extends object>(values: { readonly [Name in keyof All]: All[Name] | undefined }): All {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as All;
}

/** The Thales provider's options as these settings have them; what is not set is left out. */
export function toThalesOptions(config: Values): ThalesOptions {
  return leaveOutAbsent<ThalesOptions>({
    soapUrl: config.thalesSoapUrl,
    getImageUrl: config.thalesGetImageUrl,
    handoverKeys: config.thalesHandoverKeys,
    galleryHandoverKeys: config.thalesGalleryHandoverKeys,
    imageDeliveryKey: config.thalesImageDeliveryKey,
    notificationSecret: config.thalesNotificationSecret,
    referenceFields: config.thalesReferenceFields,
    dataCaptureFields: config.thalesDataCaptureFields,
    imageInformationKey: config.thalesImageInformationKey,
    setDataCaptureUrl: config.thalesSetDataCaptureUrl,
    searchUrl: config.thalesSearchUrl,
    searchValueParameter: config.thalesSearchValueParameter,
    templateUrl: config.thalesTemplateUrl,
    soapVersion: config.thalesSoapVersion,
    namespace: config.thalesNamespace,
    soapAction: config.thalesSoapAction,
    dataCaptureSoapAction: config.thalesDataCaptureSoapAction,
    setDataCaptureSoapAction: config.thalesSetDataCaptureSoapAction,
    imageField: config.thalesImageField,
    handoverKeyField: config.thalesHandoverKeyField,
    dataCaptureField: config.thalesDataCaptureField,
    cardImageIdField: config.thalesCardImageIdField,
    imageInformationKeyField: config.thalesImageInformationKeyField,
    rotate180: config.thalesRotate180,
    notificationHeader: config.thalesNotificationHeader,
  });
}
