import * as z from "zod";
import { addressOf, byProduct, headerName, listedProducts, type Settings, webAddress, xmlName } from "../setting.ts";
import { thalesDefaults } from "./defaults.ts";

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

const notificationSecret = z.string().min(16).max(200);

/** One secret or two; and, since one may have a comma in it, the whole text too, where it could be one. */
function listSecrets(text: string): string[] {
  const parts = text.split(",");
  const areTwo = parts.length === 2 && parts.every((part) => notificationSecret.safeParse(part).success);
  if (!areTwo) return [text];
  return notificationSecret.safeParse(text).success ? [...parts, text] : parts;
}

/** What the Thales provider needs to know. */
export const thalesSettings = {
  soapUrl: {
    variable: "FULLBLEED_THALES_SOAP_URL",
    schema: webAddress,
    expected: addressOf("the platform's SendImage web service"),
  },
  getImageUrl: {
    variable: "FULLBLEED_THALES_GET_IMAGE_URL",
    schema: webAddress,
    expected: addressOf("the Image API's GetImage"),
  },
  handoverKeys: {
    variable: "FULLBLEED_THALES_HANDOVER_KEYS",
    schema: byProduct(key),
    expected: `a JSON object from product to the handover key of 8 to 200 characters for checked (cardholders') images; ${listedProducts}`,
    json: true,
    secret: true,
  },
  galleryHandoverKeys: {
    variable: "FULLBLEED_THALES_GALLERY_HANDOVER_KEYS",
    schema: byProduct(key).optional(),
    expected: `a JSON object from product to the handover key of 8 to 200 characters for gallery images, which are not checked; ${listedProducts}`,
    json: true,
    secret: true,
  },
  imageDeliveryKey: {
    variable: "FULLBLEED_THALES_IMAGE_DELIVERY_KEY",
    schema: key,
    expected: "the Image API's delivery key, 8 to 200 characters",
    secret: true,
  },
  notificationSecret: {
    variable: "FULLBLEED_THALES_NOTIFICATION_SECRET",
    schema: z.string().transform(listSecrets).pipe(z.array(notificationSecret).min(1)),
    expected:
      "the secret of 16 to 200 characters that the platform sends along with its notifications, or two of them with a comma between while it is changed",
    secret: true,
  },
  referenceFields: {
    variable: "FULLBLEED_THALES_REFERENCE_FIELDS",
    schema: byProduct(fieldName).optional(),
    expected: `a JSON object from product to the name of the data-capture field that takes our reference; ${listedProducts}`,
    json: true,
  },
  dataCaptureFields: {
    variable: "FULLBLEED_THALES_DATA_CAPTURE_FIELDS",
    schema: byProduct(z.array(fieldName).min(1).max(20)).optional(),
    expected: `a JSON object from product to an array of the data-capture fields that the issuer's server may fill; ${listedProducts}`,
    json: true,
  },
  imageInformationKey: {
    variable: "FULLBLEED_THALES_IMAGE_INFORMATION_KEY",
    schema: key.optional(),
    expected: "the ImageInformation_Key of SetCustomDataCapture, 8 to 200 characters",
    secret: true,
  },
  purgeKeys: {
    variable: "FULLBLEED_THALES_PURGE_KEYS",
    schema: byProduct(key).optional(),
    expected: `a JSON object from product to the ImagePurgeKey of SetImageToPurge, 8 to 200 characters; ${listedProducts}`,
    json: true,
    secret: true,
  },
  setDataCaptureUrl: {
    variable: "FULLBLEED_THALES_SET_DATA_CAPTURE_URL",
    schema: webAddress.optional(),
    expected: addressOf("the platform's SetCustomDataCapture web service"),
  },
  purgeUrl: {
    variable: "FULLBLEED_THALES_PURGE_URL",
    schema: webAddress.optional(),
    expected: addressOf("the platform's SetImageToPurge web service"),
  },
  searchUrl: {
    variable: "FULLBLEED_THALES_SEARCH_URL",
    schema: webAddress.optional(),
    expected: addressOf("the Image API's GetImage by a data-capture field"),
  },
  searchValueParameter: {
    variable: "FULLBLEED_THALES_SEARCH_VALUE_PARAMETER",
    schema: xmlName.default(thalesDefaults.searchValueParameter),
    expected: "the name of the query parameter in which GetImage takes the value that it searches",
  },
  templateUrl: {
    variable: "FULLBLEED_THALES_TEMPLATE_URL",
    schema: webAddress.optional(),
    expected: addressOf("the Image API's GetTemplate"),
  },
  soapVersion: {
    variable: "FULLBLEED_THALES_SOAP_VERSION",
    schema: z.enum(["1.1", "1.2"]).default(thalesDefaults.soapVersion),
    expected: "1.1 or 1.2, the SOAP version of the web service's binding",
  },
  namespace: {
    variable: "FULLBLEED_THALES_NAMESPACE",
    schema: uri.default(thalesDefaults.namespace),
    expected: "the target namespace in the web service's WSDL, with its slash",
  },
  soapAction: {
    variable: "FULLBLEED_THALES_SOAP_ACTION",
    schema: uri.optional(),
    expected: "the SOAPAction of SendImage in the web service's WSDL",
  },
  dataCaptureSoapAction: {
    variable: "FULLBLEED_THALES_DATA_CAPTURE_SOAP_ACTION",
    schema: uri.optional(),
    expected: "the SOAPAction of SendImageWithDataCapture in the web service's WSDL",
  },
  setDataCaptureSoapAction: {
    variable: "FULLBLEED_THALES_SET_DATA_CAPTURE_SOAP_ACTION",
    schema: uri.optional(),
    expected: "the SOAPAction of SetCustomDataCapture in the web service's WSDL",
  },
  purgeSoapAction: {
    variable: "FULLBLEED_THALES_PURGE_SOAP_ACTION",
    schema: uri.optional(),
    expected: "the SOAPAction of SetImageToPurge in the web service's WSDL",
  },
  imageField: {
    variable: "FULLBLEED_THALES_IMAGE_FIELD",
    schema: xmlName.default(thalesDefaults.imageField),
    expected: "the name of SendImage's picture element in the WSDL",
  },
  handoverKeyField: {
    variable: "FULLBLEED_THALES_HANDOVER_KEY_FIELD",
    schema: xmlName.default(thalesDefaults.handoverKeyField),
    expected: "the name of SendImage's key element in the WSDL",
  },
  dataCaptureField: {
    variable: "FULLBLEED_THALES_DATA_CAPTURE_FIELD",
    schema: xmlName.default(thalesDefaults.dataCaptureField),
    expected: "the name of the data-capture element in the WSDL",
  },
  cardImageIdField: {
    variable: "FULLBLEED_THALES_CARD_IMAGE_ID_FIELD",
    schema: xmlName.default(thalesDefaults.cardImageIdField),
    expected: "the name of the id element of SetCustomDataCapture and SetImageToPurge in the WSDL",
  },
  imageInformationKeyField: {
    variable: "FULLBLEED_THALES_IMAGE_INFORMATION_KEY_FIELD",
    schema: xmlName.default(thalesDefaults.imageInformationKeyField),
    expected: "the name of SetCustomDataCapture's key element in the WSDL",
  },
  imagePurgeKeyField: {
    variable: "FULLBLEED_THALES_IMAGE_PURGE_KEY_FIELD",
    schema: xmlName.default(thalesDefaults.imagePurgeKeyField),
    expected: "the name of SetImageToPurge's key element in the WSDL",
  },
  rotate180: {
    variable: "FULLBLEED_THALES_ROTATE_180",
    schema: z.enum(["Rotote180", "Rotate180"]).default(thalesDefaults.rotate180),
    expected: "Rotote180, as the Image API's page spells it, or Rotate180",
  },
  notificationHeader: {
    variable: "FULLBLEED_THALES_NOTIFICATION_HEADER",
    schema: headerName.default(thalesDefaults.notificationHeader),
    expected: "the name, in lower case, of the header in which the platform sends the notification secret",
  },
} as const satisfies Settings;
