import * as z from "zod";
import { products } from "#card/products.ts";
import { thalesDefaults } from "#providers/thales/defaults.ts";
import { parseJson, type Setting, webAddress, xmlName } from "./setting-kinds.ts";

/** What the Thales provider needs to know. */
export const thalesSettings = {
  thalesSoapUrl: {
    variable: "FULLBLEED_THALES_SOAP_URL",
    schema: webAddress,
    expected: "the address of the platform's SendImage web service, https (or http on this machine)",
  },
  thalesGetImageUrl: {
    variable: "FULLBLEED_THALES_GET_IMAGE_URL",
    schema: webAddress,
    expected: "the address of the Image API's GetImage, https (or http on this machine)",
  },
  thalesHandoverKeys: {
    variable: "FULLBLEED_THALES_HANDOVER_KEYS",
    schema: z
      .string()
      .transform(parseJson)
      .pipe(z.partialRecord(z.enum(products.map((product) => product.id)), z.string().min(8).max(200)))
      .refine((keys) => Object.keys(keys).length > 0),
    expected: `a JSON object from product to the handover key of 8 to 200 characters for checked (cardholders') images; products are ${products.map((product) => product.id).join(", ")}`,
    secret: true,
  },
  thalesImageDeliveryKey: {
    variable: "FULLBLEED_THALES_IMAGE_DELIVERY_KEY",
    schema: z.string().min(8).max(200),
    expected: "the Image API's delivery key, 8 to 200 characters",
    secret: true,
  },
  thalesNotificationSecret: {
    variable: "FULLBLEED_THALES_NOTIFICATION_SECRET",
    schema: z.string().min(16).max(200),
    expected: "the secret of 16 to 200 characters that the platform sends along with its notifications",
    secret: true,
  },
  thalesNamespace: {
    variable: "FULLBLEED_THALES_NAMESPACE",
    schema: z
      .string()
      .max(200)
      .regex(/^[^\s"'<>&]+$/)
      .default(thalesDefaults.namespace),
    expected: "the target namespace in the web service's WSDL, with its slash",
  },
  thalesSoapAction: {
    variable: "FULLBLEED_THALES_SOAP_ACTION",
    schema: z
      .string()
      .max(200)
      .regex(/^[^\s"'<>&]+$/)
      .optional(),
    expected: "the SOAPAction of SendImage in the web service's WSDL",
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
