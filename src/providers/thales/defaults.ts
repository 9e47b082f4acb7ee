/** How an installation spells things that nobody has told us otherwise. */
export const thalesDefaults = {
  soapVersion: "1.1",
  /** Target namespace of a .NET web service that nobody has given another. */
  namespace: "http://tempuri.org/",
  imageField: "Image",
  handoverKeyField: "handoverKey",
  dataCaptureField: "DataCapture",
  cardImageIdField: "CardImageID",
  imageInformationKeyField: "ImageInformation_Key",
  imagePurgeKeyField: "ImagePurgeKey",
  /** The vendor's page names `SearchField` and no parameter for what is searched. A guess: that of a search by id. */
  searchValueParameter: "CardImageId",
  /** As the vendor's page "Digital Previews" misspells it. */
  rotate180: "Rotote180",
  /** The vendor's pages name no header: this one is ours. */
  notificationHeader: "x-notification-secret",
} as const;
