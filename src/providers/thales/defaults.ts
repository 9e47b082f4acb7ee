/** How an installation spells things that nobody has told us otherwise. */
export const thalesDefaults = {
  /** Target namespace of a .NET web service that nobody has given another. */
  namespace: "http://tempuri.org/",
  imageField: "Image",
  handoverKeyField: "handoverKey",
  /** As the vendor's page "Digital Previews" misspells it. */
  rotate180: "Rotote180",
  /** The vendor's pages name no header: this one is ours. */
  notificationHeader: "x-notification-secret",
} as const;
